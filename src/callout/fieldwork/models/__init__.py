"""Tables of the field: the phones' inbox and desk, their files, the record of the work."""

from callout.fieldwork.models.files import Upload, VisitPhoto
from callout.fieldwork.models.inbox import InboxCommand, InboxConflict, LateReport, Outcome
from callout.fieldwork.models.record import (
    ChecklistAnswer,
    ChecklistItem,
    PartLine,
    Position,
    Signature,
    WorkReport,
)

__all__ = [
    "ChecklistAnswer",
    "ChecklistItem",
    "InboxCommand",
    "InboxConflict",
    "LateReport",
    "Outcome",
    "PartLine",
    "Position",
    "Signature",
    "Upload",
    "VisitPhoto",
    "WorkReport",
]
