"""Who is in some teams, and which postcodes are in some areas: what a filter by them compares with.

Neither is a secret: everybody who works here may read teams and areas. What is not there has
nobody and no postcode.
"""

from collections.abc import Sequence
from uuid import UUID

from callout.customers.models import Area, Site
from callout.customers.postcodes import covers
from callout.workforce.models import Technician


def team_members(teams: Sequence[UUID]) -> list[UUID]:
    """The technicians of these teams, those of before too: they have old orders."""
    if not teams:
        return []
    return list(Technician.objects.filter(team_id__in=teams).values_list("pk", flat=True))


def area_postcodes(areas: Sequence[UUID]) -> list[str]:
    """The postcodes of sites that are in one of these areas, as they are written there."""
    if not areas:
        return []
    texts = list(Area.objects.filter(pk__in=areas).values_list("postcodes", flat=True))
    known = Site.objects.exclude(postcode="").order_by().values_list("postcode", flat=True)
    return [one for one in known.distinct() if any(covers(text, one) for text in texts)]
