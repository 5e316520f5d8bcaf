"""The desk in the words of its screen: what is ready to print."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.models import Device
from callout.fieldwork.models import LateReport, VisitPhoto
from callout.fieldwork.selectors.desk import Desk, Held
from callout.fieldwork.selectors.late import Report
from callout.fieldwork.selectors.said import Line
from callout.orders.models import Note
from callout.orders.numbers import order_number
from callout.orders.selectors.when import When
from callout.web.office.account.phones import phone_since, unsent_words
from callout.web.office.plain import nexts
from callout.web.ui.addresses import address


@dataclass(frozen=True, slots=True)
class LineView:
    """One entry: day (where it changes), hour, mark and words; `aside` what the clocks say."""

    day: str
    time: str
    iso: str
    status: str
    icon: str
    text: str
    note: str
    aside: str
    uncertain: bool


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report: what was done, why it is here, what would follow, and how it is decided."""

    id: UUID
    version: int
    url: str
    number: str
    customer: str
    town: str
    kind: str
    kind_words: str
    technician: str
    initials: str
    phone: str
    phone_since: str
    came: str
    why: str
    lines: list[LineView]
    files_missing: int
    now: str
    would: str
    asks_finish: bool
    finishes: bool
    decision: str
    decided: str
    note: str
    is_correction: bool
    next: UUID
    has_focus: bool


@dataclass(frozen=True, slots=True)
class SmallLine:
    """A line of one of the small lists: who, what, and where it leads."""

    who: str
    text: str
    aside: str
    url: str
    number: str


@dataclass(frozen=True, slots=True)
class Keyboard:
    """What lies on the desk, in the order of the page: where the keyboard goes after each of it,
    and where it is now (None: where the browser begins)."""

    nexts: Mapping[UUID, UUID]
    at: UUID | None

    @classmethod
    def of(cls, desk: Desk, asked: UUID | None) -> "Keyboard":
        """`asked` may have gone meanwhile: then at the first thing that is left."""
        ids = [*(one.row.pk for one in desk.reports), *(one.pk for one in desk.notes)]
        first = next(iter(ids), asked)
        return cls(nexts(ids), asked if asked is None or asked in ids else first)


def reports_shown(reports: Iterable[Report], when: When, keyboard: Keyboard) -> list[ReportView]:
    """The reports, open or decided."""
    return [_report(one, when, keyboard) for one in reports]


def _report(one: Report, when: When, keyboard: Keyboard) -> ReportView:
    row = one.row
    return ReportView(
        id=row.pk,
        version=row.version,
        url=address("office:order", number=row.order.number),
        number=one.number,
        customer=one.customer,
        town=one.town,
        kind=row.kind,
        kind_words=_kind(row),
        technician=row.technician.name,
        initials=row.technician.initials,
        phone=row.device.name,
        phone_since=phone_since(row.device, when),
        came=when.moment(one.came_at) if one.came_at else "",
        why=one.why,
        lines=_lines(one.lines, when),
        files_missing=sum(not file.has_come for file in one.files),
        now=one.now,
        would=one.would,
        asks_finish=one.finishes is not None and not one.is_correction,
        finishes=bool(one.finishes),
        decision=row.decision,
        decided=_decided(row, when),
        note=row.note,
        is_correction=one.is_correction,
        next=keyboard.nexts.get(row.pk, row.pk),
        has_focus=keyboard.at == row.pk,
    )


def _kind(row: LateReport) -> str:
    return {
        LateReport.CORRECTION: _("Correction asked for"),
        LateReport.HANDOVER: _("Handed over"),
    }.get(row.kind, _("Late report"))


def _decided(row: LateReport, when: When) -> str:
    if row.decided_at is None:
        return ""
    happened = row.decision == LateReport.HAPPENED
    if row.kind == LateReport.CORRECTION:
        text = (
            _("Applied by %(name)s, %(time)s") if happened else _("Declined by %(name)s, %(time)s")
        )
    else:
        text = (
            _("Entered by %(name)s, %(time)s")
            if happened
            else _("Kept as a note by %(name)s, %(time)s")
        )
    who = row.decided_by.name if row.decided_by else _("Somebody")
    return text % {"name": who, "time": when.moment(row.decided_at)}


def _lines(lines: Iterable[Line], when: When) -> list[LineView]:
    shown, before = [], None
    for line in lines:
        day = when.local(line.at).date()
        shown.append(
            LineView(
                day=when.heading(day) if day != before else "",
                time=when.time(line.at),
                iso=line.at.isoformat(),
                status=line.status,
                icon=line.icon,
                text=line.text,
                note=line.note,
                aside=_("the phone said %(time)s") % {"time": when.full(line.phone_at)}
                if line.phone_at
                else "",
                uncertain=line.uncertain,
            )
        )
        before = day
    return shown


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note to the office, and what its button needs."""

    id: UUID
    version: int
    url: str
    number: str
    customer: str
    who: str
    at: str
    text: str
    next: UUID
    has_focus: bool


def notes_shown(notes: Iterable[Note], when: When, keyboard: Keyboard) -> list[NoteView]:
    """What was written to the office."""
    return [
        NoteView(
            id=one.pk,
            version=one.version,
            url=address("office:order", number=one.order.number),
            number=order_number(one.order.number),
            customer=one.order.customer.name,
            who=one.author.name if one.author else _("Somebody"),
            at=when.moment(one.created_at),
            text=one.text,
            next=keyboard.nexts[one.pk],
            has_focus=keyboard.at == one.pk,
        )
        for one in notes
    ]


def held_shown(held: Iterable[Held], when: When) -> list[SmallLine]:
    """Commands that could not be carried out yet."""
    return [
        SmallLine(
            who=one.technician,
            text=one.line.text,
            aside=_("%(phone)s, received %(time)s, tried %(count)d times")
            % {"phone": one.phone, "time": when.moment(one.received_at), "count": one.tries},
            url=address("office:order", number=one.bare_number) if one.number else "",
            number=one.number,
        )
        for one in held
    ]


def photos_shown(photos: Iterable[VisitPhoto], when: When) -> list[SmallLine]:
    """Photos whose bytes have not come, or were refused."""
    return [
        SmallLine(
            who=one.user.name,
            text=one.name,
            aside=one.words
            or _("announced %(time)s, has not come") % {"time": when.moment(one.announced_at)},
            url=address("office:order", number=one.order.number),
            number=order_number(one.order.number),
        )
        for one in photos
    ]


def phones_shown(phones: Iterable[Device], when: When) -> list[SmallLine]:
    """Phones with unsent work of over a day."""
    return [
        SmallLine(
            who=one.user.name,
            text=_("%(phone)s, %(since)s, last seen %(time)s")
            % {
                "phone": one.name,
                "since": phone_since(one, when),
                "time": when.moment(one.last_seen_at),
            },
            aside=unsent_words(one, when),
            url="",
            number="",
        )
        for one in phones
    ]


def desk_shown(desk: Desk, at: UUID | None) -> dict[str, object]:
    """What the page is drawn from; `at`: where the keyboard is to be."""
    when, keyboard = When(), Keyboard.of(desk, at)
    return {
        "reports": reports_shown(desk.reports, when, keyboard),
        "notes": notes_shown(desk.notes, when, keyboard),
        "held": held_shown(desk.held, when),
        "photos": photos_shown(desk.photos, when),
        "phones": phones_shown(desk.phones, when),
        "decided": reports_shown(desk.decided, when, keyboard),
        "is_clear": desk.count == 0,
        "head_has_focus": at is not None and not keyboard.nexts,
    }
