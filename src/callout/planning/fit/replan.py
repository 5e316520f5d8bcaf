"""Planned visits that were chosen to go elsewhere: to whom, and when. Pure: no database, no clock.

Of each visit, the first that there is: its own time; another time on its own day (both where the
day is kept); one of the days asked for. Where the technicians were named, a slot that a dispatcher
would not choose is better than none: what speaks against it is told, and nobody ticks it unseen.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from callout.planning.fit.autoplan import GoOn, Proposal
from callout.planning.fit.best import FEW, Unplaced, is_barred, score_of, why_not
from callout.planning.fit.cost import Option
from callout.planning.fit.explain import judged
from callout.planning.fit.held import Held, People, come_along, in_turn, least, slots_with
from callout.planning.fit.person import Fit, Interval, Person, day_of
from callout.planning.fit.slots import Search
from callout.planning.fit.suggest import option
from callout.planning.fit.words import moment_words


@dataclass(frozen=True, slots=True)
class Wanted:
    """To whom (nobody named: whoever suits best), in which days, and whether each visit's own day
    comes first."""

    span: Interval
    technicians: frozenset[UUID] = frozenset()
    keep_day: bool = True


def replanned(
    people: Iterable[Person],
    held: Sequence[Held],
    wanted: Wanted,
    *,
    now: datetime,
    zone: ZoneInfo,
    go_on: GoOn = lambda _done: True,
) -> Proposal:
    """What each of the visits could become. One that is best where it is stays."""
    team = {one.id: one for one in people}

    def choose(people: People, one: Held) -> Option | Unplaced:
        return _One(one, wanted, now, zone).chosen(people)

    return in_turn(team, held, choose, zone, go_on)


@dataclass(frozen=True, slots=True)
class _One:
    """One visit, and what is looked for."""

    held: Held
    wanted: Wanted
    now: datetime
    zone: ZoneInfo

    def chosen(self, people: People) -> Option | Unplaced:
        along = self.held.along(people)
        able = [self.held.free(one) for one in people.values() if self._may(one)]
        if not able and self.wanted.technicians:
            return Unplaced("helper", _("goes along on it as a helper already"))
        here = [self._here(one) for one in able] if self.wanted.keep_day else []
        fits = [one for one in here if not is_barred(one)]
        chosen = least(fits)
        if chosen is not None:
            # As good for somebody else is no reason to move it.
            stays = any(self._is_here(one) and score_of(one) <= score_of(chosen) for one in fits)
            return _stays() if stays else chosen
        searches: list[Search] = []
        for span in self._spans():
            searches = [self._search(one, span) for one in able]
            chosen = least(slots_with(searches, along, self.now, self._moves))
            if chosen is not None:
                return chosen
        if self.wanted.technicians:
            chosen = self._all_the_same(here, able, along)
            if chosen is not None:
                return chosen
        if any(self._is_here(one) and not any(r.hard for r in one.reasons) for one in here):
            return _stays()
        return self._why_not(here, searches)

    def _why_not(self, here: Sequence[Option], searches: Sequence[Search]) -> Unplaced:
        """Of those who were named, what is against the least bad of them at its own time."""
        nearest = least(here) if self.wanted.technicians else None
        if nearest is None:
            return why_not(searches, self.now)
        said = {
            "name": nearest.fit.person.name,
            "slot": moment_words(nearest.fit.start, self.zone),
            "reasons": ", ".join(reason.words for reason in nearest.reasons),
        }
        words = _("%(name)s, %(slot)s: %(reasons)s; nor is there room at another time") % said
        return Unplaced(nearest.reasons[0].code, words)

    def _may(self, person: Person) -> bool:
        named = self.wanted.technicians
        helps = person.id in self.held.helper_ids and person.id != self.held.technician_id
        return not helps and (not named or person.id in named)

    def _here(self, person: Person) -> Option:
        held = self.held
        return judged(Fit(person, held.task.job, held.start, held.end, self.now, self.zone))

    def _is_here(self, one: Option) -> bool:
        return one.fit.person.id == self.held.technician_id and one.fit.start == self.held.start

    def _moves(self, one: Option) -> bool:
        return not self._is_here(one)

    def _spans(self) -> Iterator[Interval]:
        if self.wanted.keep_day:
            day = day_of(self.held.start, self.zone)
            midnight = datetime.combine(day, time(), tzinfo=self.zone)
            next_one = datetime.combine(day + timedelta(days=1), time(), tzinfo=self.zone)
            yield midnight, next_one
        yield self.wanted.span

    def _search(self, person: Person, span: Interval) -> Search:
        begin = max(span[0], self.now)
        whom = person.within(*span)
        return Search.of(whom, self.held.task.job, not_before=begin, zone=self.zone)

    def _all_the_same(
        self, here: Sequence[Option], able: Sequence[Person], along: Sequence[Person]
    ) -> Option | None:
        """The least bad that can be done at all."""
        can = [one for one in here if self._moves(one) and not any(r.hard for r in one.reasons)]
        if can:
            return least(can)
        for span in self._spans():
            searches = [self._search(one, span) for one in able]
            slots = (
                option(search, start, self.now)
                for search in searches
                for start in islice(search.starts(), FEW)
            )
            can = [one for one in slots if self._moves(one) and come_along(along, one)]
            if can:
                return least(can)
        return None


def _stays() -> Unplaced:
    return Unplaced("best_here", _("best where it is"))
