"""Bodies as a program would send them, by operation: for the description. A test sends them."""

from typing import Any

BODIES: dict[str, dict[str, Any]] = {
    "draft_make": {"kind": "auto_plan", "first": "2026-12-07", "days": 5},
    "draft_do": {},
    "orders_prioritise": {
        "orders": [{"id": "0192f0c1-0000-7000-8000-000000000009", "version": 3}],
        "priority_id": "high",
    },
    "orders_cancel": {
        "orders": [{"id": "0192f0c1-0000-7000-8000-000000000009", "version": 3}],
        "note": "The street is closed",
    },
    "filter_make": {"name": "Urgent, to plan", "query": "stage=new&priority=urgent,high"},
    "optimisation_make": {"days": ["2026-12-07"], "moves": "unplanned", "seconds": 10},
    "customers_make": {
        "kind": "company",
        "name": "Boulangerie Lemaire",
        "phone": "010 12 34 56",
        "street": "Chaussée de Louvain 41",
        "postcode": "1300",
        "town": "Wavre",
        "country": "BE",
    },
    "customers_edit": {"alert": "Closed on Mondays"},
    "contacts_make": {
        "customer_id": "0192f0c1-0000-7000-8000-000000000001",
        "name": "Julie Lemaire",
        "mobile": "0471 22 33 44",
    },
    "sites_make": {
        "name": "Bakery",
        "street": "Chaussée de Louvain 41",
        "postcode": "1300",
        "town": "Wavre",
        "latitude": 50.7167,
        "longitude": 4.6167,
        "access_notes": "Ring at the back door before 6",
    },
    "link_make": {
        "site_id": "0192f0c1-0000-7000-8000-000000000002",
        "customer_id": "0192f0c1-0000-7000-8000-000000000001",
        "role": "occupant",
    },
    "assets_make": {
        "site_id": "0192f0c1-0000-7000-8000-000000000002",
        "kind": "Gas boiler",
        "reference": "CH-1",
        "serial_number": "21-004711",
        "installed_on": "2021-05-17",
    },
    "asset_move": {
        "site_id": "0192f0c1-0000-7000-8000-000000000003",
        "moved_at": "2026-11-20T09:00:00+01:00",
    },
    "areas_make": {"name": "Brussels", "postcodes": "1000-1299, 15*, 3000"},
    "technicians_make": {"name": "Anna Maes", "phone": "0471 11 22 33", "town": "Wavre"},
    "teams_make": {"name": "North"},
    "vehicles_make": {"registration": "1-ABC-234", "name": "Van 1"},
    "skills_make": {"name": "Gas"},
    "calendars_make": {"name": "Antwerp", "days": [[["08:00", "18:00"]]] * 5 + [[], []]},
    "holiday_make": {"date": "2026-12-26", "name": "Boxing Day"},
    "holidays_fill": {"year": 2027, "country": "BE"},
    "week_set": {
        "valid_from": "2026-12-07",
        "days": [[["08:00", "12:00"], ["12:30", "16:30"]]] * 5 + [[], []],
    },
    "absence_make": {
        "technician_id": "0192f0c1-0000-7000-8000-000000000004",
        "kind": "holiday",
        "start": "2026-12-24T00:00:00+01:00",
        "end": "2027-01-02T00:00:00+01:00",
    },
    "time_entry_make": {
        "technician_id": "0192f0c1-0000-7000-8000-000000000004",
        "kind": "work",
        "start": "2026-11-20T09:00:00+01:00",
        "end": "2026-11-20T10:30:00+01:00",
        "note": "Bleeding the radiators",
    },
    "type_make": {"name": "Breakdown", "icon": "bolt", "duration_minutes": 90},
    "priority_edit": {"response_hours": 4},
    "reason_make": {"kind": "hand_back", "name": "Part to order"},
    "order_record": {
        "customer_id": "0192f0c1-0000-7000-8000-000000000001",
        "asset_id": "0192f0c1-0000-7000-8000-000000000005",
        "type_id": "0192f0c1-0000-7000-8000-000000000006",
        "priority_id": "high",
        "technician_id": "0192f0c1-0000-7000-8000-000000000004",
        "description": "No hot water\nThe burner clicks and goes out.",
        "start": "2026-11-24T09:00:00+01:00",
        "duration_minutes": 90,
    },
    "order_edit": {"description": "No hot water\nNor heating.", "priority_id": "urgent"},
    "order_act": {"occurred_at": "2026-11-24T09:05:00+01:00"},
    "visit_edit": {
        "promise_from": "2026-11-24T09:00:00+01:00",
        "promise_to": "2026-11-24T11:00:00+01:00",
        "pinned": True,
    },
    "note_add": {"text": "The key is at the baker's.", "kind": "technician"},
    "code_set": {"code": "4711#"},
    "suggestions_ask": {
        "site_id": "0192f0c1-0000-7000-8000-000000000002",
        "type_id": "0192f0c1-0000-7000-8000-000000000006",
        "duration_minutes": 90,
        "wish_from": "13:00",
        "urgent": True,
    },
    "explanation_ask": {
        "site_id": "0192f0c1-0000-7000-8000-000000000002",
        "duration_minutes": 90,
        "technician_id": "0192f0c1-0000-7000-8000-000000000004",
        "start": "2027-11-24T09:00:00+01:00",
    },
    "moves_make": {
        "moves": [
            {
                "service_order_id": "0192f0c1-0000-7000-8000-000000000007",
                "version": 3,
                "visit_id": "0192f0c1-0000-7000-8000-000000000008",
                "technician_id": "0192f0c1-0000-7000-8000-000000000004",
                "start": "2026-11-24T11:00:00+01:00",
                "duration_minutes": 90,
            }
        ],
        "confirmed": True,
        "promise": {"choice": "call"},
    },
    "report_decide": {
        "decision": "happened",
        "finishes": True,
        "note": "Thank you, the customer has called too.",
    },
    "moves_undo": {
        "done": [{"service_order_id": "0192f0c1-0000-7000-8000-000000000007", "version": 4}]
    },
}
