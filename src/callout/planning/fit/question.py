"""What one question about slots is answered from: the job, the people, the hour. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from callout.kernel.errors import Invalid
from callout.planning.fit.person import Fit, Job, Person
from callout.planning.fit.slots import Search


@dataclass(frozen=True, slots=True)
class Question:
    """Everybody who is asked about, with the days that were loaded; `loading.question` makes it."""

    zone: ZoneInfo
    job: Job
    people: list[Person]
    now: datetime
    not_before: datetime

    def search(self, person: Person) -> Search:
        """The free slots of one of them."""
        return Search.of(person, self.job, not_before=self.not_before, zone=self.zone)

    def searches(self) -> list[Search]:
        """The free slots of everybody."""
        return [self.search(person) for person in self.people]

    def fit(self, person: Person, start: datetime, end: datetime) -> Fit:
        """A slot to be judged."""
        return Fit(person, self.job, start, end, self.now, self.zone)

    def changed(self, change: Callable[[Person], Person]) -> "Question":
        """The same with everybody as they would be."""
        helpers = tuple(change(one) for one in self.job.helpers)
        return replace(
            self,
            people=[change(one) for one in self.people],
            job=replace(self.job, helpers=helpers),
        )

    def named(self, technician_id: UUID) -> Person:
        """Invalid for who is not there, or not any more."""
        found = next((one for one in self.people if one.id == technician_id), None)
        if found is None or found.archived:
            raise no_such_technician()
        return found


def no_such_technician() -> Invalid:
    """The refusal of an id that leads to nobody."""
    return Invalid({"technician_id": [_("There is no such technician.")]})
