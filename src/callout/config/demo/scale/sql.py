"""The SQL that draws up orders: one row of `draft` for each, one of `step` for what happened."""

# Planned days ahead: how many visits each technician has on the first, second, ... working day.
PER_DAY = (5, 4, 3, 3, 2, 2, 1, 1, 1, 1)
AHEAD = [(day, slot) for day, visits in enumerate(PER_DAY, 1) for slot in range(visits)]
_AHEAD_ROWS = ", ".join(f"({v}, {-day}, {slot})" for v, (day, slot) in enumerate(AHEAD))

FOUNDATION = f"""
CREATE FUNCTION pg_temp.pick(i bigint, salt bigint, n bigint) RETURNS int LANGUAGE sql IMMUTABLE
    AS $$ SELECT ((hashint8extended(i, salt) & 2147483647) %% n)::int $$;
-- A UUIDv7: when, what kind of thing, which one.
CREATE FUNCTION pg_temp.ident(at timestamptz, kind int, i bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
        || lpad(to_hex(kind), 3, '0') || '8' || lpad(to_hex(i), 15, '0'))::uuid $$;
CREATE TEMP TABLE tech AS
    SELECT row_number() OVER (ORDER BY u.email) - 1 AS t, t.id, t.user_id, t.vehicle_id
    FROM workforce_technician t JOIN accounts_user u ON u.id = t.user_id;
CREATE TEMP TABLE workday (d int PRIMARY KEY, opens timestamptz NOT NULL);
CREATE TEMP TABLE ahead AS SELECT * FROM (VALUES {_AHEAD_ROWS}) a (v, d, k);
CREATE TEMP TABLE place (
    p int PRIMARY KEY, customer_id uuid, site_id uuid, asset_id uuid, words text
);
CREATE TEMP TABLE said (s int PRIMARY KEY, type_id uuid, text text, words text);
"""  # noqa: S608 - constants

# `draft`: which order it is, who goes when, how far it has come.
CHUNK = """
CREATE TEMP TABLE draft AS
WITH numbered AS (
    SELECT i::bigint, CASE WHEN i <= %(past)s THEN 'past' WHEN i <= %(today)s THEN 'today'
        WHEN i <= %(ahead)s THEN 'ahead' ELSE 'pile' END AS phase,
        CASE WHEN i <= %(past)s THEN %(past)s - i WHEN i <= %(today)s THEN i - %(past)s - 1
        WHEN i <= %(ahead)s THEN i - %(today)s - 1 ELSE i - %(ahead)s - 1 END AS w
    FROM generate_series(%(first)s::bigint, %(last)s) i
), slotted AS (
    SELECT n.*, w %% %(team)s AS t,
        CASE phase WHEN 'past' THEN 5 - w %% (6 * %(team)s) / %(team)s
            WHEN 'today' THEN w / %(team)s ELSE a.k END AS k,
        CASE phase WHEN 'past' THEN 1 + w / (6 * %(team)s) ELSE a.d END AS d
    FROM numbered n LEFT JOIN ahead a ON phase = 'ahead' AND a.v = w / %(team)s
), timed AS (
    SELECT s.*, pg_temp.pick(i, 3, 100) AS luck, 45 + 15 * pg_temp.pick(i, 2, 3) AS minutes,
        CASE WHEN phase = 'today' THEN %(now)s + interval '1 min' * (95 * k - 300)
            ELSE opens + interval '1 min' * (95 * k + 5 * pg_temp.pick(i, 1, 4)) END AS begins
    FROM slotted s LEFT JOIN workday USING (d)
), told AS (
    SELECT *, begins + interval '1 min' * minutes AS ends,
        phase = 'past' AND luck >= 98 AS twice,
        NOT (phase = 'past' AND luck = 97) AND phase <> 'pile' AS visited,
        CASE WHEN phase = 'pile' THEN NULL
            WHEN phase = 'past' AND luck IN (94, 95, 96, 97) THEN 'cancelled'
            WHEN phase = 'past' OR phase = 'today' AND k < 3 THEN 'done'
            WHEN phase = 'today' AND k = 3 THEN
                (ARRAY['working', 'on_site', 'en_route', 'break', 'planned', 'planned'])[t %% 6 + 1]
            ELSE 'planned' END AS status,
        CASE WHEN phase IN ('past', 'today') THEN
                begins - interval '1 hour' * (5 + pg_temp.pick(i, 4, 100))
                - CASE WHEN phase = 'past' AND luck >= 98 THEN interval '8 days'
                    ELSE interval '0' END
            ELSE %(now)s - interval '1 hour' * (1 + pg_temp.pick(i, 4, 72)) END AS received
    FROM timed
)
SELECT told.*, place.customer_id, place.site_id, place.words AS place_words, said.type_id,
    CASE WHEN pg_temp.pick(i, 9, 5) > 0 THEN place.asset_id END AS asset_id,
    said.text, said.words, tech.id AS technician, tech.user_id, tech.vehicle_id,
    (SELECT id FROM accounts_user WHERE email = %(manager)s) AS manager,
    (ARRAY[3, 2, 2, 0, 0, 0])[pg_temp.pick(i, 5, 20) + 1] AS urgent,
    pg_temp.ident(received, 1, i) AS order_id,
    CASE WHEN visited THEN pg_temp.ident(received, 2, i) END AS visit_id,
    CASE WHEN twice THEN pg_temp.ident(received, 3, i) END AS first_visit_id,
    CASE WHEN status = 'done' THEN ends
        WHEN status = 'cancelled' THEN received + interval '3 hours' END AS closed
FROM told
JOIN place ON p = pg_temp.pick(i, 6, (SELECT count(*) FROM place))
JOIN said ON s = pg_temp.pick(i, 7, (SELECT count(*) FROM said))
LEFT JOIN tech ON visited AND tech.t = told.t;

CREATE TEMP TABLE step AS
SELECT d.i, d.order_id, happened.*,
    row_number() OVER (PARTITION BY d.i ORDER BY happened.at, happened.n) AS version
FROM draft d CROSS JOIN LATERAL (VALUES
    (0, 'create', NULL::uuid, NULL, NULL, received, true, true),
    (1, 'plan', first_visit_id, NULL, 'planned', received + interval '10 min', true, twice),
    (2, 'depart', first_visit_id, 'planned', 'en_route',
        begins - interval '7 days 25 min', false, twice),
    (3, 'arrive', first_visit_id, 'en_route', 'on_site', begins - interval '7 days', false, twice),
    (4, 'customer_absent', first_visit_id, 'on_site', 'on_site',
        begins - interval '6 days 23 hours 45 min', false, twice),
    (5, 'plan', visit_id, NULL, 'planned', CASE WHEN twice THEN begins - interval '6 days'
        ELSE received + interval '10 min' END, true, visited),
    (6, 'depart', visit_id, 'planned', 'en_route', begins - interval '25 min', false,
        status IN ('done', 'working', 'on_site', 'en_route', 'break')),
    (7, 'arrive', visit_id, 'en_route', 'on_site', begins, false,
        status IN ('done', 'working', 'on_site', 'break')),
    (8, 'start_work', visit_id, 'on_site', 'working', begins + interval '4 min', false,
        status IN ('done', 'working', 'break')),
    (9, 'break', visit_id, 'working', 'break', begins + interval '10 min', false,
        status = 'break'),
    (10, 'complete', visit_id, 'working', 'done', closed, false, status = 'done'),
    (11, 'cancel', visit_id, CASE WHEN visited THEN 'planned' END, 'cancelled', closed, true,
        status = 'cancelled')
) happened (n, action, visit, was, became, at, by_office, is_so)
WHERE is_so;
"""

ORDERS = """
INSERT INTO orders_serviceorder (id, created_at, version, number, customer_id, site_id, asset_id,
    type_id, priority_id, description, duration_minutes, received_at, channel, caller_name,
    caller_phone, customer_reference, charge, created_by_id, due_at, waiting_for, waiting_until,
    waiting_note, technician_status, visit_id, technician_id, start, "end", absent_count,
    answered_at, closed_at, search)
SELECT order_id, received, (SELECT count(*) FROM step WHERE step.i = d.i), i, customer_id, site_id,
    asset_id, type_id, coalesce(urgent, 1), text, minutes, received,
    (ARRAY['phone', 'phone', 'phone', 'email', 'form'])[pg_temp.pick(i, 10, 5) + 1], '', '', '',
    (ARRAY['chargeable', 'chargeable', 'contract', 'warranty'])[pg_temp.pick(i, 11, 4) + 1],
    manager, received + interval '1 hour' * (ARRAY[72, 24, 8, 4])[coalesce(urgent, 1) + 1],
    CASE WHEN waits THEN 'part' ELSE '' END,
    CASE WHEN waits THEN %(now)s::date + 5 END, '', status, visit_id, technician,
    CASE WHEN visited THEN begins END, CASE WHEN visited THEN ends END, twice::int,
    CASE WHEN twice THEN begins - interval '7 days'
        WHEN status IN ('done', 'working', 'on_site', 'break') THEN begins END, closed,
    'so-' || lpad(i::text, 6, '0') || ' ' || place_words || ' ' || words
FROM (SELECT *, phase = 'pile' AND pg_temp.pick(i, 8, 8) = 0 AS waits FROM draft) d
"""

VISIT = """id, created_at, version, order_id, sequence, technician_id, vehicle_id,
    start, "end", status, before_break, outcome, is_open, allow_overlap, pinned,
    entered_afterwards, departed_at, arrived_at, work_started_at, closed_at, closing_note"""
# `going`: their visits, to be read again where orders_visit has no index yet.
GOING = f"""
CREATE TEMP TABLE going ({VISIT}) AS
SELECT visit_id, received, 4, order_id, 1 + twice::int, technician, vehicle_id, begins, ends,
    status, CASE WHEN status = 'break' THEN 'working' ELSE '' END,
    CASE WHEN closed IS NOT NULL THEN status END, closed IS NULL, false, false, false,
    CASE WHEN status NOT IN ('planned', 'cancelled') THEN begins - interval '25 min' END,
    CASE WHEN status IN ('done', 'working', 'on_site', 'break') THEN begins END,
    CASE WHEN status IN ('done', 'working', 'break') THEN begins + interval '4 min' END,
    closed, ''
FROM draft WHERE visited
UNION ALL
SELECT first_visit_id, received, 4, order_id, 1, technician, vehicle_id,
    begins - interval '7 days', ends - interval '7 days', 'on_site', '', 'customer_absent',
    false, false, false, false, begins - interval '7 days 25 min', begins - interval '7 days',
    NULL, begins - interval '6 days 23 hours 45 min', ''
FROM draft WHERE twice;
"""  # noqa: S608 - constants

VISITS = f"INSERT INTO orders_visit ({VISIT}) SELECT {VISIT} FROM going"  # noqa: S608 - constants

ASSIGNMENTS = """
INSERT INTO orders_assignment (visit_id, technician_id, role, start, "end", is_open, allow_overlap)
SELECT id, technician_id, 'responsible', start, "end", is_open, allow_overlap FROM going
UNION ALL
SELECT v.id, tech.id, 'helper', v.start, v."end", v.is_open, v.allow_overlap
FROM going v JOIN draft d USING (order_id)
JOIN tech ON tech.t = (d.t + 1) %% %(team)s
WHERE NOT v.is_open AND pg_temp.pick(d.i, 12, 12) = 0
"""

# As orders/services/undo.py keeps it.
TIMELINE = """
INSERT INTO orders_timelineentry
    (order_id, visit_id, technician_id, action, status, at, recorded_at, actor_id, door, before)
SELECT s.order_id, s.visit, d.technician, s.action, s.became, s.at, s.at,
    CASE WHEN by_office THEN d.manager ELSE d.user_id END,
    CASE WHEN by_office THEN 'office' ELSE 'technician' END,
    jsonb_build_object('order', jsonb_build_object('technician_status', was,
        'visit_id', CASE WHEN was IS NOT NULL THEN visit END,
        'technician_id', CASE WHEN was IS NOT NULL THEN technician END,
        'start', CASE WHEN was IS NOT NULL THEN slot.begins END,
        'end', CASE WHEN was IS NOT NULL THEN slot.ends END,
        'absent_count', 0, 'closed_at', NULL, 'waiting_for', '', 'waiting_until', NULL,
        'waiting_note', ''))
    || CASE WHEN s.action = 'plan' THEN
        jsonb_build_object('visits', '{}'::jsonb, 'created', visit)
    WHEN visit IS NULL THEN '{"visits": {}}' ELSE
        jsonb_build_object('visits', jsonb_build_object(visit::text, jsonb_build_object(
        'technician_id', technician, 'vehicle_id', vehicle_id, 'start', slot.begins,
        'end', slot.ends, 'expected_end', NULL, 'allow_overlap', false, 'status', was,
        'before_break', '', 'outcome', NULL, 'is_open', true,
        'departed_at', CASE WHEN was <> 'planned' THEN slot.begins - interval '25 min' END,
        'arrived_at', CASE WHEN was IN ('on_site', 'working') THEN slot.begins END,
        'work_started_at', CASE WHEN was = 'working' THEN slot.begins + interval '4 min' END,
        'closed_at', NULL, 'reason_id', NULL, 'closing_note', '', 'closing_latitude', NULL,
        'closing_longitude', NULL, 'helpers', '[]'::jsonb))) END
FROM step s JOIN draft d USING (order_id)
CROSS JOIN LATERAL (SELECT
    d.begins - CASE WHEN s.visit = d.first_visit_id THEN interval '7 days' ELSE '0' END AS begins,
    d.ends - CASE WHEN s.visit = d.first_visit_id THEN interval '7 days' ELSE '0' END AS ends
) slot
WHERE s.action <> 'create' ORDER BY s.at, s.i, s.n
"""

TIMES = """
INSERT INTO orders_timeentry
    (id, created_at, version, technician_id, visit_id, kind, start, "end", derived, note)
SELECT pg_temp.ident(span.start, 4 + span.n, d.i), span.start, 1, technician, visit_id, kind,
    span.start, span.until, true, ''
FROM draft d CROSS JOIN LATERAL (VALUES
    (0, 'travel', begins - interval '25 min', CASE WHEN status <> 'en_route' THEN begins END,
        status IN ('done', 'working', 'on_site', 'en_route', 'break')),
    (1, 'work', begins, CASE status WHEN 'done' THEN closed
        WHEN 'break' THEN begins + interval '10 min' END,
        status IN ('done', 'working', 'on_site', 'break')),
    (2, 'break', begins + interval '10 min', NULL, status = 'break')
) span (n, kind, start, until, is_so)
WHERE is_so
"""

NOTES = """
INSERT INTO orders_note (id, created_at, version, order_id, kind, text, author_id, to_office)
SELECT pg_temp.ident(received, 7, i), received, 1, order_id, 'internal',
    'Customer was told about the delay and agrees with another day.', manager, false
FROM draft WHERE pg_temp.pick(i, 13, 10) = 0
"""

JOURNAL = """
INSERT INTO kernel_journalentry (xid, at, recorded_at, actor_id, actor_name, door, entity,
    entity_id, kind, facts, personal, audience)
SELECT (%(xid)s + row_number() OVER (ORDER BY s.at, s.i, s.n))::text::xid8, s.at, s.at,
    CASE WHEN by_office THEN d.manager ELSE d.user_id END, '',
    CASE WHEN by_office THEN 'office' ELSE 'technician' END, 'service_order', s.order_id, s.action,
    CASE s.action WHEN 'create' THEN jsonb_build_object('fields',
        '["customer_id", "description", "priority", "site_id", "type_id"]'::jsonb,
        'version', 1, 'number', s.i, 'customer', d.customer_id)
    ELSE jsonb_build_object('from', was, 'to', became, 'version', s.version, 'visit', visit,
        'technician', technician)
        || CASE WHEN s.action = 'plan' THEN jsonb_build_object('start', begins, 'end', ends)
            ELSE '{}' END END,
    CASE WHEN s.action = 'create' THEN jsonb_build_object('description', text) END,
    CASE WHEN technician IS NULL OR s.action = 'create' THEN '[]'::jsonb
        ELSE jsonb_build_array(technician) END
FROM step s JOIN draft d USING (order_id) ORDER BY s.at, s.i, s.n
"""

INDEXES = "CREATE INDEX ON step (i); CREATE INDEX ON draft (order_id); ANALYZE step, draft"
TABLES = (INDEXES, GOING, ORDERS, VISITS, ASSIGNMENTS, TIMELINE, TIMES, NOTES, JOURNAL)
