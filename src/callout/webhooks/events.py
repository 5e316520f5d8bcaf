"""The events that a webhook can be told of, and of each which facts: the one list of it.

An entry of the journal that is not here is told to nobody, and of its facts only those named here:
what is new in a room stays inside until somebody decides. Accounts, tokens, phones and access codes
are not here on purpose. docs/webhooks.md holds the same list; a test compares them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Facts = tuple[str, ...]
ALL = "*"
TEST = "webhook.test"

CHANGED: Facts = ("fields",)
PLAIN: Mapping[str, Facts] = {
    "create": CHANGED, "update": CHANGED, "archive": (), "restore": (),
}  # fmt: skip
STEP: Facts = ("from", "to", "version", "visit", "technician", "plans", "reason")
SLOT: Facts = (*STEP, "start", "end")
HOURS: Facts = ("time_entry", "technician", "visit", "time_kind", "start", "end")


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing: what it is called, where the API and the office show it, and its events."""

    words: Promise
    api: str  # below /api/v1; "" where the API has no address for one of them
    page: str  # of the office; "" where it has none
    kinds: Mapping[str, Facts]


ORDER_KINDS: Mapping[str, Facts] = {
    "create": ("fields", "version", "number", "customer", "follow_up_of"),
    "update": ("fields", "version"),
    "plan": SLOT,
    "plan_another": SLOT,
    "replan": SLOT,
    "unplan": STEP,
    "extend": (*STEP, "expected_end", "minutes"),
    "depart": STEP,
    "arrive": STEP,
    "start_work": STEP,
    "break": STEP,
    "resume": STEP,
    "turn_back": STEP,
    "hand_back": STEP,
    "customer_absent": STEP,
    "complete": STEP,
    "cancel": STEP,
    "reopen": STEP,
    "undo": ("undone", "from", "to", "version", "visit", "plans"),
    "correct": ("action", "was", "now", "visit", "technician"),
    "apply_late_report": (*SLOT, "outcome"),
    "wait": ("version", "for", "until"),
    "wait_end": ("version",),
    "check": ("version",),
    "uncheck": ("version",),
    "promise": ("visit", "promise_from", "promise_to", "version"),
    "pin": ("visit", "version"),
    "unpin": ("visit", "version"),
    "follow_up": ("order", "number"),
    "note_add": ("note", "note_kind", "to_office"),
    "file_add": ("attachment",),
    "file_remove": ("attachment",),
    "time_add": HOURS,
    "time_update": HOURS,
    "time_remove": HOURS,
    "report_set": ("visit",),
    "sign": ("visit",),
    "cannot_sign": ("visit",),
    "late_report": ("visit", "technician", "action"),
}

THINGS: Mapping[str, Thing] = {
    "service_order": Thing(_("Service orders"), "service-orders", "orders", ORDER_KINDS),
    "customer": Thing(
        _("Customers"), "customers", "customers",
        {**PLAIN, "create": ("fields", "kind", "bill_to_id"), "update": ("fields", "bill_to_id")},
    ),
    "contact": Thing(_("Contacts"), "contacts", "", {
        **PLAIN, "create": ("fields", "customer_id", "site_id"), "update": ("fields", "site_id"),
    }),
    "site": Thing(_("Sites"), "sites", "sites", {
        **PLAIN, "link": ("customer_id", "role"), "unlink": ("customer_id", "role"),
    }),
    "asset": Thing(_("Assets"), "assets", "assets", {
        **PLAIN, "create": ("fields", "site_id"), "move": ("from_site_id", "to_site_id"),
    }),
    "technician": Thing(_("Technicians"), "technicians", "team", {
        **PLAIN, "week_set": ("valid_from", "days"), "week_remove": ("valid_from",),
    }),
    "absence": Thing(_("Absences"), "absences", "", {
        "create": ("technician_id", "start", "end"),
        "update": ("fields", "start", "end"),
        "archive": (),
    }),
    "vehicle": Thing(_("Vehicles"), "vehicles", "", PLAIN),
}  # fmt: skip

KINDS: Mapping[str, Promise] = {
    "create": pgettext_lazy("event", "recorded"),
    "update": pgettext_lazy("event", "changed"),
    "archive": pgettext_lazy("event", "archived"),
    "restore": pgettext_lazy("event", "restored"),
    "plan": pgettext_lazy("event", "planned"),
    "plan_another": pgettext_lazy("event", "another visit planned"),
    "replan": pgettext_lazy("event", "planned anew"),
    "unplan": pgettext_lazy("event", "taken out of the plan"),
    "extend": pgettext_lazy("event", "takes longer"),
    "depart": pgettext_lazy("event", "departed"),
    "arrive": pgettext_lazy("event", "arrived"),
    "start_work": pgettext_lazy("event", "work started"),
    "break": pgettext_lazy("event", "break"),
    "resume": pgettext_lazy("event", "resumed"),
    "turn_back": pgettext_lazy("event", "turned back"),
    "hand_back": pgettext_lazy("event", "not finished"),
    "customer_absent": pgettext_lazy("event", "customer absent"),
    "complete": pgettext_lazy("event", "completed"),
    "cancel": pgettext_lazy("event", "cancelled"),
    "reopen": pgettext_lazy("event", "reopened"),
    "undo": pgettext_lazy("event", "last action taken back"),
    "correct": pgettext_lazy("event", "a time corrected"),
    "apply_late_report": pgettext_lazy("event", "late report entered"),
    "late_report": pgettext_lazy("event", "late report arrived"),
    "wait": pgettext_lazy("event", "waits"),
    "wait_end": pgettext_lazy("event", "waits no more"),
    "check": pgettext_lazy("event", "checked"),
    "uncheck": pgettext_lazy("event", "unchecked"),
    "promise": pgettext_lazy("event", "promised"),
    "pin": pgettext_lazy("event", "pinned"),
    "unpin": pgettext_lazy("event", "unpinned"),
    "follow_up": pgettext_lazy("event", "followed up by another order"),
    "note_add": pgettext_lazy("event", "note added"),
    "file_add": pgettext_lazy("event", "file added"),
    "file_remove": pgettext_lazy("event", "file put away"),
    "time_add": pgettext_lazy("event", "hours added"),
    "time_update": pgettext_lazy("event", "hours changed"),
    "time_remove": pgettext_lazy("event", "hours taken away"),
    "report_set": pgettext_lazy("event", "report written"),
    "sign": pgettext_lazy("event", "signed by the customer"),
    "cannot_sign": pgettext_lazy("event", "not signed, with a reason"),
    "link": pgettext_lazy("event", "customer linked"),
    "unlink": pgettext_lazy("event", "customer unlinked"),
    "move": pgettext_lazy("event", "moved to another site"),
    "week_set": pgettext_lazy("event", "weekly hours set"),
    "week_remove": pgettext_lazy("event", "weekly hours taken away"),
}

NAMES: Mapping[str, Facts] = {
    f"{entity}.{kind}": facts
    for entity, thing in THINGS.items()
    for kind, facts in thing.kinds.items()
}


def event_label(name: str) -> str:
    """What an event is called on screen: "Service orders: planned"."""
    if name == TEST:
        return str(_("Test"))
    entity, _dot, kind = name.partition(".")
    if entity not in THINGS or kind not in KINDS:
        return name
    return f"{THINGS[entity].words}: {KINDS[kind]}"
