"""The whole demo company, as one change."""

from datetime import datetime, timedelta

from callout.config.demo.awkward import awkward_tell, illness_load
from callout.config.demo.days import coming, past, pile, today
from callout.config.demo.load import absences_load, company_load, types_need_skills
from callout.config.demo.phones import late_tell, phones_tell
from callout.config.demo.story import Story
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import service


@service
def company_tell(*, actor: Actor, now: datetime) -> int:  # noqa: ARG001 - everybody acts themselves
    """All or nothing: half a company is no demo. How many orders there are.

    The services called from here join this change. As 2,500 changes of their own each would have a
    savepoint, and its guards asked before the next: a quarter of all statements.
    """
    with clock.freeze(now - timedelta(days=90)):
        demo = company_load(now)
        types_need_skills(demo, demo.managers[0])
    story = Story(demo)
    orders = story.tell(past, today, coming, late_tell, awkward_tell, pile)
    with clock.freeze(now):
        absences_load(demo)
        illness_load(story)
        phones_tell(story)
    return orders
