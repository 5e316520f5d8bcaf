"""Which tables go out, under which names, and what of them never does.

A model that is in neither list fails a test: nothing goes out, and nothing stays, by accident.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import BinaryField, Field, JSONField, Model
from psycopg import sql

AnyField: TypeAlias = "Field[Any, Any]"
# The file's name for each; in the order in which a reader would look.
SHEETS = {
    "accounts.Company": "company",
    "accounts.User": "users",
    "customers.Customer": "customers",
    "customers.Contact": "contacts",
    "customers.Site": "sites",
    "customers.SiteLink": "sites-of-customers",
    "customers.Asset": "assets",
    "customers.AssetMove": "asset-moves",
    "customers.Area": "areas",
    "workforce.Technician": "technicians",
    "workforce.Technician_skills": "skills-of-technicians",
    "workforce.Team": "teams",
    "workforce.Skill": "skills",
    "workforce.Vehicle": "vehicles",
    "workforce.WorkingCalendar": "working-calendars",
    "workforce.Holiday": "holidays",
    "workforce.WorkingWeek": "working-weeks",
    "workforce.Absence": "absences",
    "orders.InterventionType": "types",
    "orders.InterventionType_skills": "skills-of-types",
    "orders.Priority": "priorities",
    "orders.Reason": "reasons",
    "orders.ServiceOrder": "service-orders",
    "orders.OrderAsset": "more-assets-of-orders",
    "orders.Visit": "visits",
    "orders.Assignment": "assignments",
    "orders.TimelineEntry": "timeline",
    "orders.TimeEntry": "hours",
    "orders.Note": "notes",
    "orders.Attachment": "files",
    "fieldwork.VisitPhoto": "photos",
    "fieldwork.ChecklistItem": "checklist-questions",
    "fieldwork.ChecklistAnswer": "checklist-answers",
    "fieldwork.PartLine": "parts",
    "fieldwork.WorkReport": "reports",
    "fieldwork.Signature": "signatures",
    "fieldwork.LateReport": "late-reports",
    "kernel.JournalEntry": "journal",
}
# What stays here, and why.
LEFT_OUT = {
    "kernel.IdempotencyKey": "answers kept for repeats",
    "kernel.Installation": "this installation's own",
    "kernel.FeedPosition": "this installation's own",
    "accounts.ApiToken": "keys",
    "accounts.Device": "keys of phones",
    "accounts.MailState": "this installation's own",
    "customers.Import": "what was sent, whose effect is in the rest",
    "customers.ImportRow": "what was sent, whose effect is in the rest",
    "orders.SavedFilter": "how somebody looks",
    "orders.OwnView": "how somebody looks",
    "webhooks.Webhook": "keys",
    "webhooks.Delivery": "what others were told of the rest",
    "travel.DrivesKept": "kept for a month, told by others",
    "travel.LineKept": "kept for a month, told by others",
    "travel.FoundKept": "kept for a month, told by others",
    "travel.Turn": "this installation's own",
    "planning.PlanDraft": "what might have been planned",
    "planning.PlanMove": "what might have been planned",
    "notify.PushSubscription": "keys of phones",
    "notify.Notice": "what phones were told of the rest",
    "fieldwork.Upload": "on its way, a file when it is whole",
    "fieldwork.InboxCommand": "what phones sent, whose effect is in the rest",
    "fieldwork.InboxConflict": "what phones sent",
    "fieldwork.Position": "where people were: with their consent, for the day's work alone",
    "backup.BackupRun": "this installation's own",
    "backup.FullExport": "this installation's own",
}
# Secrets, and what is made of the rest.
FIELDS_LEFT_OUT = {
    "password", "access_code_encrypted", "name_sort", "reference_sort", "search", "xid", "token_id",
    "image", "image_sha256_sent", "sha256_sent", "device_id",
}  # fmt: skip
TEXTS = (JSONField, ArrayField)  # of these the database's own writing goes out
READABLE = ("name", "number", "label", "reference")  # what stands beside the mark of another thing


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of the zip: its heads, and the statement that gives the rows under them, in the
    order in which they were made as far as their key tells it."""

    name: str
    table: str
    heads: tuple[str, ...]
    select: sql.Composed


def sheets() -> list[Sheet]:
    """All that go out."""
    return [_sheet(apps.get_model(label), name) for label, name in SHEETS.items()]


def _sheet(model: type[Model], name: str) -> Sheet:
    fields = [one for one in model._meta.concrete_fields if _goes_out(one)]
    fields.sort(key=lambda one: not one.primary_key)
    heads, columns, joins = [], [], []
    for number, field in enumerate(fields):
        heads.append(_head(field.attname))
        columns.append(_column(field))
        named = _readable(field)
        if named:
            other = sql.Identifier(f"other_{number}")
            heads.append(_head(field.name))
            columns.append(sql.SQL("{}.{}").format(other, sql.Identifier(named)))
            joins.append(_join(field, other))
    statement = sql.SQL("SELECT {} FROM {} t {} ORDER BY 1").format(
        sql.SQL(", ").join(columns), sql.Identifier(model._meta.db_table), sql.SQL(" ").join(joins)
    )
    return Sheet(f"{name}.csv", model._meta.db_table, tuple(heads), statement)


def _goes_out(field: AnyField) -> bool:
    return field.attname not in FIELDS_LEFT_OUT and not isinstance(field, BinaryField)


def _head(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _column(field: AnyField) -> sql.Composed:
    form = "t.{}::text" if isinstance(field, TEXTS) else "t.{}"
    return sql.SQL(form).format(sql.Identifier(str(field.column)))


def _readable(field: AnyField) -> str | None:
    """The column by which people know what this field points at."""
    if field.related_model is None or isinstance(field.related_model, str):
        return None
    there = {one.attname for one in field.related_model._meta.concrete_fields}
    return next((one for one in READABLE if one in there), None)


def _join(field: AnyField, other: sql.Identifier) -> sql.Composed:
    meta = field.related_model._meta  # type: ignore[union-attr]
    return sql.SQL("LEFT JOIN {} {} ON {}.{} = t.{}").format(
        sql.Identifier(meta.db_table), other, other,
        sql.Identifier(str(meta.pk.column)), sql.Identifier(str(field.column)),
    )  # fmt: skip
