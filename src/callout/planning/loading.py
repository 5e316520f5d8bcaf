"""Questions and jobs as the rules see them, read from the database; team.py reads the people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import UUIDField
from django.utils.translation import gettext as _

from callout.customers.models import Site
from callout.customers.policy import visible_sites
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.kernel.hours import Week
from callout.kernel.prepared import Given, Prepared, together
from callout.orders.lifecycle import Outcome
from callout.orders.models import InterventionType, Visit
from callout.orders.policy import manager_required
from callout.planning.ask import Ask, Days
from callout.planning.fit.person import Interval, Job, Person, joined
from callout.planning.fit.question import Question
from callout.planning.roads import roads_learn
from callout.planning.team import candidates
from callout.travel.areas import place_at
from callout.travel.book import book_open
from callout.workforce.hours import worked
from callout.workforce.models import Skill

NOBODY = UUID(int=0)


def question(
    actor: Actor,
    ask: Ask,
    days: Days,
    *,
    not_before: datetime,
    only: UUID | None = None,
    also: UUID | None = None,
) -> Question:
    """Of everybody who can be planned (and `also` one who perhaps cannot), or of `only` one.

    As many messages for two hundred people as for one.
    """
    manager_required(actor)
    with book_open() as book:
        people = candidates(actor, days, ask, only=only, also=also)
        job = job_of(actor, ask, days, people)
    roads_learn(book, people, [job.place], moving=only is not None)
    if only is None:
        asked = [one for one in people if not one.archived or one.id == also]
    else:
        asked = [one for one in people if one.id == only]
    return Question(days.zone, job, asked, clock.now(), not_before)


def job_of(actor: Actor, ask: Ask, days: Days, people: Iterable[Person]) -> Job:
    """The job of a question: site, the skills that its type needs, who has been there, and who of
    `people` helps."""
    site = visible_sites(actor).filter(pk=ask.site_id).first()
    if site is None:
        raise Invalid({"site_id": [_("Choose a site or an asset.")]})
    skills, known = together(SKILLS.ask(type=ask.type_id or NOBODY), KNOWN.ask(site=ask.site_id))
    return replace(
        job_at(ask, days, site),
        skills=dict(skills),
        known=frozenset(technician_id for (technician_id,) in known),
        helpers=tuple(one for one in people if one.id in ask.helper_ids),
    )


def jobs_of(actor: Actor, asks: Collection[Ask], days: Days) -> list[Job]:
    """The jobs of several questions. Who has been there is left out: nothing is refused for it."""
    sites = {one.pk: one for one in visible_sites(actor).filter(pk__in={a.site_id for a in asks})}
    needed = skills_needed(one.type_id for one in asks if one.type_id)
    return [
        replace(job_at(ask, days, sites[ask.site_id]), skills=needed[ask.type_id or NOBODY])
        for ask in asks
    ]


def skills_needed(types: Iterable[UUID]) -> Mapping[UUID, dict[UUID, str]]:
    """Of each type the skills that it needs, with their names."""
    needed: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    for type_id, skill_id, name in NEEDED.all(types=list(set(types))):
        needed[type_id][skill_id] = name
    return needed


def job_at(ask: Ask, days: Days, site: Site) -> Job:
    """The same as far as it bears on which slots are free: nothing is asked."""
    return Job(
        duration=timedelta(minutes=ask.duration_minutes),
        place=place_at(site.latitude, site.longitude, site.postcode),
        open=opened(site.opening_hours, days),
        wish_not_before=ask.wish_not_before,
        wish_due=ask.wish_due,
        wish_from=ask.wish_from,
        wish_to=ask.wish_to,
        target=ask.due_at,
        promise_from=ask.promise_from,
        promise_to=ask.promise_to,
        pinned=ask.pinned,
        begun=ask.begun,
    )


def opened(week: Week | None, days: Days) -> tuple[Interval, ...] | None:
    """When a site is open on these days; None if nobody said."""
    return None if week is None else joined(worked([(days.first, week)], days.first, days.last))


# --- the statements, made once -------------------------------------------------------------------

SKILLS = Prepared(
    lambda: (
        Skill.objects.filter(
            pk__in=InterventionType.skills.through.objects.filter(
                interventiontype=Given("type", UUIDField())
            ).values("skill_id")
        )
        .order_by("name_sort")
        .values_list("id", "name")
    )
)
NEEDED = Prepared(
    lambda: (
        InterventionType.skills.through.objects.filter(
            interventiontype__any=Given("types", UUIDField())
        )
        .order_by("skill__name_sort")
        .values_list("interventiontype_id", "skill_id", "skill__name")
    )
)
KNOWN = Prepared(
    lambda: (
        Visit.objects.filter(order__site=Given("site", UUIDField()), outcome=Outcome.DONE.value)
        .order_by()
        .values_list("technician_id")
        .distinct()
    )
)
