"""The SQL that draws up orders: one row of `draft` for each, one of `step` for what happened.

What comes out are lines as COPY reads them. JSON is put together as text, and parsed once where it
is loaded: with its keys in the order in which jsonb keeps them (the shortest first), in half the
time.
"""

# Planned days ahead: how many visits each technician has on the first, second, ... working day.
PER_DAY = (5, 4, 3, 3, 2, 2, 1, 1, 1, 1)
AHEAD = [(day, slot) for day, visits in enumerate(PER_DAY, 1) for slot in range(visits)]
_AHEAD_ROWS = ", ".join(f"({v}, {-day}, {slot})" for v, (day, slot) in enumerate(AHEAD))

FOUNDATION = f"""
CREATE FUNCTION pg_temp.pick(i bigint, salt bigint, n bigint) RETURNS int LANGUAGE sql IMMUTABLE
    AS $$ SELECT ((hashint8extended(i, salt) & 2147483647) %% n)::int $$;
-- A UUIDv7: when, what kind of thing, which one. STABLE as its parts are: then it is inlined.
CREATE FUNCTION pg_temp.ident(at timestamptz, kind int, i bigint) RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
        || lpad(to_hex(kind), 3, '0') || '8' || lpad(to_hex(i), 15, '0'))::uuid $$;
CREATE TEMP TABLE tech (t bigint, id uuid, user_id uuid, vehicle_id uuid);
CREATE TEMP TABLE workday (d int PRIMARY KEY, opens timestamptz NOT NULL);
CREATE TEMP TABLE ahead AS SELECT * FROM (VALUES {_AHEAD_ROWS}) a (v, d, k);
CREATE TEMP TABLE place (
    p int PRIMARY KEY, customer_id uuid, site_id uuid, asset_id uuid, words text
);
CREATE TEMP TABLE said (
    s int PRIMARY KEY, type_id uuid, description text, personal text, words text
);
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
    said.description, said.personal, said.words, tech.id AS technician, tech.user_id,
    tech.vehicle_id, %(manager)s::uuid AS manager, 4 * twice::int AS before,
    coalesce((ARRAY[3, 2, 2, 0, 0, 0])[pg_temp.pick(i, 5, 20) + 1], 1) AS priority,
    pg_temp.ident(received, 1, i) AS order_id,
    CASE WHEN visited THEN pg_temp.ident(received, 2, i) END AS visit_id,
    CASE WHEN twice THEN pg_temp.ident(received, 3, i) END AS first_visit_id,
    CASE WHEN status = 'done' THEN ends
        WHEN status = 'cancelled' THEN received + interval '3 hours' END AS closed
FROM told
JOIN place ON p = pg_temp.pick(i, 6, %(places)s)
JOIN said ON s = pg_temp.pick(i, 7, %(sayings)s)
LEFT JOIN tech ON visited AND tech.t = told.t;

CREATE TEMP TABLE step AS
SELECT *, at::text AS told, row_number() OVER (ORDER BY at, i, version) AS nth
FROM (
    SELECT i, 1 AS version, 'create' AS action, NULL::uuid AS visit, NULL AS was, NULL AS became,
        received AS at, true AS by_office FROM draft
    UNION ALL SELECT i, 2, 'plan', first_visit_id, NULL, 'planned', received + interval '10 min',
        true FROM draft WHERE twice
    UNION ALL SELECT i, 3, 'depart', first_visit_id, 'planned', 'en_route',
        begins - interval '7 days 25 min', false FROM draft WHERE twice
    UNION ALL SELECT i, 4, 'arrive', first_visit_id, 'en_route', 'on_site',
        begins - interval '7 days', false FROM draft WHERE twice
    UNION ALL SELECT i, 5, 'customer_absent', first_visit_id, 'on_site', 'on_site',
        begins - interval '6 days 23 hours 45 min', false FROM draft WHERE twice
    UNION ALL SELECT i, before + 2, 'plan', visit_id, NULL, 'planned', CASE WHEN twice
        THEN begins - interval '6 days' ELSE received + interval '10 min' END, true
        FROM draft WHERE visited
    UNION ALL SELECT i, before + 3, 'depart', visit_id, 'planned', 'en_route',
        begins - interval '25 min', false
        FROM draft WHERE status IN ('done', 'working', 'on_site', 'en_route', 'break')
    UNION ALL SELECT i, before + 4, 'arrive', visit_id, 'en_route', 'on_site', begins, false
        FROM draft WHERE status IN ('done', 'working', 'on_site', 'break')
    UNION ALL SELECT i, before + 5, 'start_work', visit_id, 'on_site', 'working',
        begins + interval '4 min', false FROM draft WHERE status IN ('done', 'working', 'break')
    UNION ALL SELECT i, before + 6, 'break', visit_id, 'working', 'break',
        begins + interval '10 min', false FROM draft WHERE status = 'break'
    UNION ALL SELECT i, before + 6, 'complete', visit_id, 'working', 'done', closed, false
        FROM draft WHERE status = 'done'
    UNION ALL SELECT i, 2 + visited::int, 'cancel', visit_id,
        CASE WHEN visited THEN 'planned' END, 'cancelled', closed, true
        FROM draft WHERE status = 'cancelled'
) happened;

-- Each visit, and how the timeline tells of it as long as it was open.
CREATE TEMP TABLE going AS
SELECT v.*, since, until,
    concat('{"order": {"end": ', until, ', "start": ', since, ', "visit_id": "', id,
        '", "closed_at": null, "waiting_for": "", "absent_count": 0, "waiting_note": "",'
        ' "technician_id": "', technician, '", "waiting_until": null,'
        ' "technician_status": "') AS order_was,
    concat('"}, "visits": {"', id, '": {"end": ', until, ', "start": ', since,
        ', "status": "') AS visit_was,
    concat(', "vehicle_id": "', vehicle_id, '", "departed_at": ') AS departed,
    concat(', "before_break": "", "closing_note": "", "expected_end": null,'
        ' "allow_overlap": false, "technician_id": "', technician,
        '", "work_started_at": ') AS began,
    to_json(begins - interval '25 min')::text AS left_at,
    to_json(begins + interval '4 min')::text AS began_at
FROM (
    SELECT i, t, visit_id AS id, received, order_id, 1 + twice::int AS sequence, technician,
        vehicle_id, begins, ends, status, CASE WHEN closed IS NOT NULL THEN status END AS outcome,
        closed
    FROM draft WHERE visited
    UNION ALL
    SELECT i, t, first_visit_id, received, order_id, 1, technician, vehicle_id,
        begins - interval '7 days', ends - interval '7 days', 'on_site', 'customer_absent',
        begins - interval '6 days 23 hours 45 min'
    FROM draft WHERE twice
) v CROSS JOIN LATERAL
    (SELECT to_json(begins)::text AS since, to_json(ends)::text AS until) json;
"""
DROP = "DROP TABLE draft, step, going"

ORDERS = """
SELECT order_id, received, steps, i, customer_id, site_id, asset_id, type_id, priority, description,
    minutes, received,
    (ARRAY['phone', 'phone', 'phone', 'email', 'form'])[pg_temp.pick(i, 10, 5) + 1], '', '', '',
    (ARRAY['chargeable', 'chargeable', 'contract', 'warranty'])[pg_temp.pick(i, 11, 4) + 1],
    manager, received + interval '1 hour' * (ARRAY[72, 24, 8, 4])[priority + 1],
    CASE WHEN waits THEN 'part' ELSE '' END,
    CASE WHEN waits THEN %(now)s::date + 5 END, '', status, visit_id, technician,
    CASE WHEN visited THEN begins END, CASE WHEN visited THEN ends END, twice::int,
    CASE WHEN twice THEN begins - interval '7 days'
        WHEN status IN ('done', 'working', 'on_site', 'break') THEN begins END, closed,
    concat('so-', lpad(i::text, 6, '0'), ' ', place_words, ' ', words)
FROM (SELECT *, phase = 'pile' AND pg_temp.pick(i, 8, 8) = 0 AS waits FROM draft) d
JOIN (SELECT i, max(version) AS steps FROM step GROUP BY i) counted USING (i)
"""
ORDER_COLUMNS = (
    "id, created_at, version, number, customer_id, site_id, asset_id, type_id, priority_id, "
    "description, duration_minutes, received_at, channel, caller_name, caller_phone, "
    "customer_reference, charge, created_by_id, due_at, waiting_for, waiting_until, "
    "waiting_note, technician_status, visit_id, technician_id, start, end, absent_count, "
    "answered_at, closed_at, search"
)

VISITS = """
SELECT id, received, 4, order_id, sequence, technician, vehicle_id, begins, ends, status,
    CASE WHEN status = 'break' THEN 'working' ELSE '' END, outcome, outcome IS NULL, false, false,
    false, CASE WHEN status NOT IN ('planned', 'cancelled') THEN begins - interval '25 min' END,
    CASE WHEN status IN ('done', 'working', 'on_site', 'break') THEN begins END,
    CASE WHEN status IN ('done', 'working', 'break') THEN begins + interval '4 min' END,
    closed, ''
FROM going
"""
VISIT_COLUMNS = (
    "id, created_at, version, order_id, sequence, technician_id, vehicle_id, start, end, "
    "status, before_break, outcome, is_open, allow_overlap, pinned, entered_afterwards, "
    "departed_at, arrived_at, work_started_at, closed_at, closing_note"
)

ASSIGNMENTS = """
SELECT id, technician, 'responsible', begins, ends, outcome IS NULL, false FROM going
UNION ALL
SELECT v.id, tech.id, 'helper', v.begins, v.ends, false, false
FROM going v JOIN tech ON tech.t = (v.t + 1) %% %(team)s
WHERE v.outcome IS NOT NULL AND pg_temp.pick(v.i, 12, 12) = 0
"""
ASSIGNMENT_COLUMNS = "visit_id, technician_id, role, start, end, is_open, allow_overlap"

# `before` as orders/services/keeping.py keeps it.
TIMELINE = """
SELECT d.order_id, visit, d.technician, action, became, told, told,
    CASE WHEN by_office THEN manager ELSE user_id END,
    CASE WHEN by_office THEN 'office' ELSE 'technician' END,
    CASE WHEN was IS NULL THEN concat('{"order": {"end": null, "start": null, "visit_id": null,'
        ' "closed_at": null, "waiting_for": "", "absent_count": 0, "waiting_note": "",'
        ' "technician_id": null, "waiting_until": null, "technician_status": null},'
        ' "visits": {}', CASE WHEN action = 'plan' THEN concat(', "created": "', visit, '"') END,
        '}')
    ELSE concat(order_was, was, visit_was, was,
        '", "helpers": [], "is_open": true, "outcome": null, "closed_at": null,'
        ' "reason_id": null, "arrived_at": ',
        CASE WHEN was IN ('on_site', 'working') THEN since ELSE 'null' END,
        departed, CASE WHEN was <> 'planned' THEN left_at ELSE 'null' END,
        began, CASE WHEN was = 'working' THEN began_at ELSE 'null' END,
        ', "closing_latitude": null, "closing_longitude": null}}}') END
FROM step JOIN draft d USING (i) LEFT JOIN going ON going.id = visit
WHERE action <> 'create' ORDER BY nth
"""
TIMELINE_COLUMNS = (
    "order_id, visit_id, technician_id, action, status, at, recorded_at, actor_id, door, before"
)

TIMES = """
SELECT pg_temp.ident(since, 4 + n, i), since, 1, technician, visit_id, kind, since, until, true, ''
FROM (
    SELECT i, technician, visit_id, 0 AS n, 'travel' AS kind, begins - interval '25 min' AS since,
        CASE WHEN status <> 'en_route' THEN begins END AS until
    FROM draft WHERE status IN ('done', 'working', 'on_site', 'en_route', 'break')
    UNION ALL SELECT i, technician, visit_id, 1, 'work', begins, CASE status WHEN 'done' THEN closed
        WHEN 'break' THEN begins + interval '10 min' END
    FROM draft WHERE status IN ('done', 'working', 'on_site', 'break')
    UNION ALL SELECT i, technician, visit_id, 2, 'break', begins + interval '10 min', NULL
    FROM draft WHERE status = 'break'
) span
"""
TIME_COLUMNS = "id, created_at, version, technician_id, visit_id, kind, start, end, derived, note"

NOTES = """
SELECT pg_temp.ident(received, 7, i), received, 1, order_id, 'internal',
    'Customer was told about the delay and agrees with another day.', manager, false
FROM draft WHERE pg_temp.pick(i, 13, 10) = 0
"""
NOTE_COLUMNS = "id, created_at, version, order_id, kind, text, author_id, to_office"

JOURNAL = """
SELECT %(xid)s + nth, told, told, CASE WHEN by_office THEN manager ELSE user_id END, '',
    CASE WHEN by_office THEN 'office' ELSE 'technician' END, 'service_order', d.order_id, action,
    CASE action WHEN 'create' THEN concat(
        '{"fields": ["customer_id", "description", "priority", "site_id", "type_id"],'
        ' "number": ', d.i, ', "version": 1, "customer": "', customer_id, '"}')
    ELSE concat('{"to": "', became, CASE WHEN action = 'plan' THEN concat('", "end": ', until,
            ', "from": null, "start": ', since)
        ELSE concat('", "from": ', coalesce('"' || was || '"', 'null')) END,
        ', "visit": ', coalesce('"' || visit || '"', 'null'), ', "version": ', version,
        ', "technician": ', coalesce('"' || d.technician || '"', 'null'), '}') END,
    CASE WHEN action = 'create' THEN personal END,
    CASE WHEN action = 'create' OR d.technician IS NULL THEN '[]'
        ELSE concat('["', d.technician, '"]') END
FROM step JOIN draft d USING (i) LEFT JOIN going ON going.id = visit ORDER BY nth
"""
JOURNAL_COLUMNS = (
    "xid, at, recorded_at, actor_id, actor_name, door, entity, entity_id, kind, facts, "
    "personal, audience"
)

# The longest ones last: while they are loaded, the next orders are drawn up.
TABLES = {
    "orders_serviceorder": (ORDER_COLUMNS, ORDERS),
    "orders_visit": (VISIT_COLUMNS, VISITS),
    "orders_assignment": (ASSIGNMENT_COLUMNS, ASSIGNMENTS),
    "orders_timeentry": (TIME_COLUMNS, TIMES),
    "orders_note": (NOTE_COLUMNS, NOTES),
    "orders_timelineentry": (TIMELINE_COLUMNS, TIMELINE),
    "kernel_journalentry": (JOURNAL_COLUMNS, JOURNAL),
}


def lines(columns: str, query: str) -> str:
    """The query whose one value is all the rows, as COPY reads them.

    No value may hold what COPY would read otherwise (a backslash, a tab, a line's end).
    """
    names = [f"c{number}" for number, _name in enumerate(columns.split(", "))]
    parts = ", ".join(f"coalesce({name}::text, '\\N')" for name in names)
    return (
        f"SELECT string_agg(concat_ws(E'\\t', {parts}), E'\\n')"  # noqa: S608 - constants
        f" FROM ({query}) line ({', '.join(names)})"
    )
