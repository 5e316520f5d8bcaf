"""Times in the words of a screen: a slot, "Wed 09:00", "answer by 12:00", "+25 min"."""

from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from callout.accounts.zone import company_zone
from callout.kernel import clock
from callout.kernel.dates import day_month, day_month_long, weekday_within

EXACT_HOURS = 10  # a length of more is said without its minutes
AT_RISK = timedelta(hours=4)  # of the response target is left, and nobody is planned


class Wish(Protocol):
    """What is read of a customer's wish."""

    @property
    def wish_not_before(self) -> datetime | None: ...
    @property
    def wish_due(self) -> datetime | None: ...
    @property
    def wish_from(self) -> time | None: ...
    @property
    def wish_to(self) -> time | None: ...
    @property
    def wish_start(self) -> datetime | None: ...


class When:
    """Says times by the company's clock, seen from now. Made once for an answer, not per row."""

    def __init__(self, now: datetime | None = None) -> None:
        self.zone: ZoneInfo = company_zone()
        self.now = now or clock.now()
        self.today = self.now.astimezone(self.zone).date()
        self._days: dict[date, str] = {self.today: ""}
        self._by = _("answer by %(time)s")
        self._answered = _("answered %(time)s")
        self._left, self._overdue = _("%(time)s left"), _("%(time)s overdue")
        self._after_target = _("%(time)s after target")
        self._minutes, self._hours = _("%(count)d min"), _("%(count)d h")
        self._length_days = _("%(count)d d")
        self._weekdays: dict[date, str] = {}

    def local(self, moment: datetime) -> datetime:
        """`moment` by the company's clock."""
        return moment.astimezone(self.zone)

    def day(self, day: date) -> str:
        """Today: nothing; near: "Wed"; further: "Fri 27 Nov"; another year: "27 Nov 2025"."""
        words = self._days.get(day)
        if words is None:
            words = self._days[day] = self._day(day)
        return words

    def _day(self, day: date) -> str:
        if abs((day - self.today).days) < 6:
            return str(WEEKDAYS_ABBR[day.weekday()])
        words = day_month(day)
        return words if day.year == self.today.year else f"{words} {day.year}"

    def written(self, day: date) -> str:
        """A day in full but short: "12 Aug 2026"."""
        return f"{day_month(day, padded=True)} {day.year}"

    def heading(self, day: date) -> str:
        """A day as the head of what happened on it: "Today, Tuesday 24 November"."""
        words = f"{weekday_within(day)} {day_month_long(day)}"
        if day == self.today:
            return _("Today, %(day)s") % {"day": words}
        words = words[:1].upper() + words[1:]
        return words if day.year == self.today.year else f"{words} {day.year}"

    def time(self, moment: datetime) -> str:
        """The hour alone."""
        return f"{self.local(moment):%H:%M}"

    def moment(self, moment: datetime) -> str:
        """The hour, with its day unless it is today's."""
        there = self.local(moment)
        return f"{self.day(there.date())} {there:%H:%M}".lstrip()

    def full(self, moment: datetime) -> str:
        """Day and hour whatever today is: "Tue 24 Nov 09:45"."""
        return f"{self.weekday(moment)} {self.local(moment):%H:%M}"

    def weekday(self, moment: datetime) -> str:
        """The day whatever today is: "Tue 24 Nov"."""
        day = self.local(moment).date()
        words = self._weekdays.get(day)
        if words is None:
            words = f"{WEEKDAYS_ABBR[day.weekday()]} {day_month(day)}"
            words = words if day.year == self.today.year else f"{words} {day.year}"
            self._weekdays[day] = words
        return words

    def slot(self, start: datetime, end: datetime) -> str:
        """Today from-to alone; on a near day with "Wed" before it; further only its beginning."""
        here = start.astimezone(self.zone)
        day = here.date()
        begin = f"{here.hour:02d}:{here.minute:02d}"
        if abs((day - self.today).days) >= 6:
            return f"{self.day(day)} {begin}"
        there = end.astimezone(self.zone)
        words = f"{begin}–{there.hour:02d}:{there.minute:02d}"
        return words if day == self.today else f"{self.day(day)} {words}"

    def slot_full(self, start: datetime, end: datetime) -> str:
        """From-to after "Tue 24 Nov"; over midnight with both days."""
        if self.local(start).date() != self.local(end).date():
            return f"{self.full(start)} – {self.full(end)}"
        return f"{self.weekday(start)}, {self.time(start)}–{self.time(end)}"

    def answer_by(self, due: datetime) -> str:
        """When an order that nobody is planned for is to be answered."""
        return self._by % {"time": self.near(due)}

    def answered(self, at: datetime) -> str:
        """When somebody was there for an order that nobody is planned for now."""
        return self._answered % {"time": self.near(at)}

    def near(self, moment: datetime) -> str:
        """With the hour on a near day only."""
        there = self.local(moment)
        day = self.day(there.date())
        far = abs((there.date() - self.today).days) >= 6
        return day if far else f"{day} {there:%H:%M}".lstrip()

    def late_by(self, since: datetime) -> str:
        """How long ago `since` was, or nothing: "+25 min", "+2 h 10", "+3 d"."""
        return "" if since >= self.now else f"+{self.span(self.now - since)}"

    def left(self, due: datetime) -> str:
        """How a response target stands: "2 h left", "25 min overdue"."""
        if due >= self.now:
            return self._left % {"time": self.span(due - self.now)}
        return self._overdue % {"time": self.span(self.now - due)}

    def after_target(self, length: timedelta) -> str:
        """By how much what is planned misses its response target."""
        return self._after_target % {"time": self.span(length)}

    def is_at_risk(self, due: datetime) -> bool:
        """Whether little of the time to answer is left for what nobody is planned for, or none."""
        return due < self.now + AT_RISK

    def wish(self, wish: Wish) -> str:
        """When the customer would like it: "from Wed 25 Nov, by Fri 27 Nov, until 12:00"."""
        begin, due = wish.wish_not_before, wish.wish_due
        # A wish for a day ends at the midnight after it: the day is what people said.
        last = due - timedelta(seconds=1) if due else None
        if begin and last and self.local(begin).date() == self.local(last).date():
            parts = [self.weekday(begin)]
        else:
            parts = [_("from %(day)s") % {"day": self.weekday(begin)}] if begin else []
            parts += [_("by %(day)s") % {"day": self.weekday(last)}] if last else []
        if wish.wish_from and wish.wish_to:
            parts.append(f"{wish.wish_from:%H:%M}–{wish.wish_to:%H:%M}")
        elif wish.wish_from:
            parts.append(_("from %(time)s on") % {"time": f"{wish.wish_from:%H:%M}"})
        elif wish.wish_to:
            parts.append(_("until %(time)s") % {"time": f"{wish.wish_to:%H:%M}"})
        if wish.wish_start:
            parts.append(self.full(wish.wish_start))
        return ", ".join(parts)

    def span(self, length: timedelta, least: int = 1) -> str:
        """A length of time: "25 min", "2 h 10", "16 h", "3 d". What is late by seconds is late by
        a minute; what was measured may be none (`least`)."""
        minutes = max(int(length.total_seconds() // 60), least)
        if minutes < 60:
            return self._minutes % {"count": minutes}
        if minutes < 24 * 60:
            hours, rest = divmod(minutes, 60)
            words = self._hours % {"count": hours}
            return f"{words} {rest:02d}" if rest and hours < EXACT_HOURS else words
        return self._length_days % {"count": minutes // (24 * 60)}
