"""What the history of an order calls things: the mark of each kind of entry, the words of kinds
that say all, why a report came late, the fields. Plain tables."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# Kind: the status whose disc it shows, or an icon.
MARKS: dict[str, tuple[str, str]] = {
    "create": ("", "plus"),
    "update": ("", "pencil"),
    "plan": ("planned", ""),
    "plan_another": ("planned", ""),
    "replan": ("planned", ""),
    "extend": ("", "clock-plus"),
    "unplan": ("", "calendar-off"),
    "depart": ("en_route", ""),
    "arrive": ("on_site", ""),
    "start_work": ("working", ""),
    "break": ("break", ""),
    "resume": ("", "player-play"),
    "turn_back": ("", "arrow-back-up"),
    "hand_back": ("", "arrow-back"),
    "customer_absent": ("", "user-off"),
    "complete": ("done", ""),
    "cancel": ("cancelled", ""),
    "undo": ("", "arrow-back-up"),
    "correct": ("", "clock-edit"),
    "apply_late_report": ("", "clock-check"),
    "late_report": ("", "clock-exclamation"),
    "late_report_more": ("", "clock-exclamation"),
    "reopen": ("new", ""),
    "wait": ("", "hourglass"),
    "wait_end": ("", "hourglass-off"),
    "check": ("", "checks"),
    "uncheck": ("", "square"),
    "note_add": ("", "message"),
    "note_put_away": ("", "inbox"),
    "follow_up": ("", "corner-down-right"),
    "time_add": ("", "clock"),
    "time_update": ("", "clock-edit"),
    "time_remove": ("", "trash"),
    "promise": ("", "heart-handshake"),
    "pin": ("", "pin"),
    "unpin": ("", "pinned-off"),
    "file_add": ("", "paperclip"),
    "file_remove": ("", "trash"),
    "see": ("", "eye"),
    "answer_set": ("", "clipboard-check"),
    "part_set": ("", "package"),
    "part_remove": ("", "trash"),
    "report_set": ("", "file-text"),
    "photo_announce": ("", "camera"),
    "photo_remove": ("", "trash"),
    "photo_refused": ("", "alert-circle"),
    "sign": ("", "signature"),
    "cannot_sign": ("", "signature-off"),
}

PLAIN: dict[str, Promise] = {
    "unplan": gettext_lazy("Unplanned"),
    "depart": gettext_lazy("Departed"),
    "arrive": gettext_lazy("Arrived on site"),
    "start_work": gettext_lazy("Work started"),
    "break": gettext_lazy("Break"),
    "resume": gettext_lazy("Resumed"),
    "turn_back": gettext_lazy("Turned back"),
    "hand_back": gettext_lazy("Not finished"),
    "customer_absent": gettext_lazy("Customer absent"),
    "complete": gettext_lazy("Completed"),
    "cancel": gettext_lazy("Cancelled"),
    "reopen": gettext_lazy("Reopened"),
    "wait_end": gettext_lazy("Waits no more"),
    "check": gettext_lazy("Checked"),
    "uncheck": gettext_lazy("Unchecked"),
    "pin": gettext_lazy("Pinned to its slot"),
    "unpin": gettext_lazy("Unpinned"),
    "file_remove": gettext_lazy("File put away"),
    "note_put_away": gettext_lazy("Note to the office read and put away"),
    "code_look": gettext_lazy("Looked at the access code"),
    "see": gettext_lazy("Seen on the phone"),
    "part_remove": gettext_lazy("Part taken back"),
    "report_set": gettext_lazy("Report written"),
    "photo_remove": gettext_lazy("Photo taken off"),
    "photo_refused": gettext_lazy("A photo could not be kept"),
    "cannot_sign": gettext_lazy("The customer could not sign"),
}


def plain_label(kind: str) -> str:
    """What happened, where its kind says all of it."""
    return str(PLAIN.get(kind, kind.replace("_", " ").capitalize()))


# What a phone says beside the steps, as the line about its coming calls it.
TOLD: dict[str, Promise] = {
    "extend": gettext_lazy("Takes longer"),
    "undo": gettext_lazy("Undo"),
    "note": gettext_lazy("Note"),
    "hours": gettext_lazy("Hours"),
    "answer": gettext_lazy("Checklist"),
    "photo": gettext_lazy("Photo"),
    "part": gettext_lazy("Part used"),
    "report": gettext_lazy("Report"),
    "sign": gettext_lazy("Signature"),
    "found": gettext_lazy("Found something else"),
}
OFFICE_DECIDES = gettext_lazy("The office decides: %(action)s")
TOO_LATE = gettext_lazy("Came too late for the visit: %(action)s")
# Why a report lies on the desk, by the code of what could not be done; only some of it was late.
AT_DESK: dict[str, Promise] = {
    **dict.fromkeys(("visit_ended", "visit_closed_by_other", "visit_unplanned"), TOO_LATE),
    **dict.fromkeys(("visit_taken", "order_cancelled", "checked", "too_old"), TOO_LATE),
    "earlier_day": gettext_lazy("Of an earlier day, the office decides: %(action)s"),
    "before_visit": gettext_lazy("Of a day before the visit, the office decides: %(action)s"),
    "counts_twice": gettext_lazy("These hours count already, the office decides: %(action)s"),
    "action_not_open": gettext_lazy("Does not fit what is recorded: %(action)s"),
    "under_way_elsewhere": gettext_lazy("Under way on another order then: %(action)s"),
    "held": gettext_lazy("Could not be carried out in three days: %(action)s"),
    "deactivated": gettext_lazy("Handed over by the phone of a deactivated user: %(action)s"),
}

FIELDS: dict[str, Promise] = {
    "customer": gettext_lazy("customer"),
    "customer_id": gettext_lazy("customer"),
    "site": gettext_lazy("site"),
    "site_id": gettext_lazy("site"),
    "asset": gettext_lazy("asset"),
    "asset_id": gettext_lazy("asset"),
    "more_assets": gettext_lazy("more assets"),
    "contact": gettext_lazy("contact"),
    "contact_id": gettext_lazy("contact"),
    "type": gettext_lazy("type"),
    "type_id": gettext_lazy("type"),
    "priority": gettext_lazy("priority"),
    "description": gettext_lazy("description"),
    "duration_minutes": gettext_lazy("duration"),
    "received_at": gettext_lazy("received at"),
    "channel": gettext_lazy("channel"),
    "caller_name": gettext_lazy("caller"),
    "caller_phone": gettext_lazy("caller’s phone"),
    "customer_reference": gettext_lazy("customer’s reference"),
    "charge": gettext_lazy("charge"),
    "follow_up_of_id": gettext_lazy("follow-up of"),
    "wish_not_before": gettext_lazy("wished not before"),
    "wish_due": gettext_lazy("wished until"),
    "wish_from": gettext_lazy("wished hours"),
    "wish_to": gettext_lazy("wished hours"),
    "wish_start": gettext_lazy("wished start"),
    "proposed_vehicle_id": gettext_lazy("vehicle"),
}


def field_label(name: str) -> str:
    """A field of an order, as the line about its change calls it."""
    return str(FIELDS.get(name, name.replace("_", " ")))
