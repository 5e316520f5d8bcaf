"""Positions that cannot be right, or that there are none of: what the map and travel suffer from.

Where the company works is told from its own sites: the middle one of all latitudes and longitudes,
and how far half of the sites are from there. Of a dozen kilometres a plain map's rule is enough; a
company on both sides of the date line would be told too much.
"""

import math
from dataclasses import dataclass
from typing import Literal

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Abs, Concat, Lower, Power

from callout.customers.models import Site

Problem = Literal["missing", "zero", "far", "shared"]
PROBLEMS: tuple[Problem, ...] = ("missing", "zero", "far", "shared")
NEAR_ZERO = 0.01  # degrees: off Africa, where what was typed as 0 comes to lie
KM = 111.2  # of a degree of latitude
FEW = 3  # sites that tell nothing of where a company works
SURE, TIMES = 200.0, 5.0  # kilometres that are never far, and how often the usual distance is not
MANY = 3  # streets at one spot (to 11 m): the middle of a town, not three addresses

REGION = """
WITH there AS (
  SELECT latitude, longitude FROM customers_site
  WHERE archived_at IS NULL AND latitude IS NOT NULL
    AND NOT (abs(latitude) < %(zero)s AND abs(longitude) < %(zero)s)
), middle AS (
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY latitude) AS latitude,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY longitude) AS longitude
  FROM there
)
SELECT middle.latitude, middle.longitude, count(*),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY sqrt(
    power((there.latitude - middle.latitude) * %(km)s, 2)
    + power((there.longitude - middle.longitude) * %(km)s * cos(radians(middle.latitude)), 2)
  ))
FROM there CROSS JOIN middle GROUP BY middle.latitude, middle.longitude
"""


@dataclass(frozen=True, slots=True)
class Region:
    """Where the company works: what is further than `kilometres` from there is doubtful."""

    latitude: float
    longitude: float
    kilometres: float

    @property
    def east(self) -> float:
        """Kilometres of a degree of longitude here."""
        return KM * math.cos(math.radians(self.latitude))


def region() -> Region | None:
    """Told from the sites in use; None while they are too few."""
    with connection.cursor() as cursor:
        cursor.execute(REGION, {"zero": NEAR_ZERO, "km": KM})
        row = cursor.fetchone()
    if row is None or row[2] < FEW:
        return None
    return Region(row[0], row[1], SURE + TIMES * row[3])


def problem_of(latitude: float | None, longitude: float | None, usual: Region | None) -> str:
    """What is doubtful about one position, "" for nothing. That others share it is not asked."""
    if latitude is None or longitude is None:
        return "missing"
    if abs(latitude) < NEAR_ZERO and abs(longitude) < NEAR_ZERO:
        return "zero"
    if usual is None:
        return ""
    north, east = (latitude - usual.latitude) * KM, (longitude - usual.longitude) * usual.east
    return "far" if math.hypot(north, east) > usual.kilometres else ""


def with_problem(rows: QuerySet[Site], wanted: Problem | Literal["doubtful"]) -> QuerySet[Site]:
    """The sites with this problem, or with any, each with its `problem`; one more question."""
    usual = region()
    cases = [When(latitude__isnull=True, then=Value("missing")), When(_zero(), Value("zero"))]
    if usual is not None:
        rows = rows.annotate(away=_away(usual))
        cases.append(When(away__gt=usual.kilometres**2, then=Value("far")))
    cases.append(When(spot__in=_crowded(), then=Value("shared")))
    rows = rows.alias(spot=_spot(), west=Abs("longitude"), south=Abs("latitude"))
    rows = rows.annotate(problem=Case(*cases, default=Value(""), output_field=CharField()))
    return rows.exclude(problem="") if wanted == "doubtful" else rows.filter(problem=wanted)


def _zero() -> Q:
    return Q(south__lt=NEAR_ZERO, west__lt=NEAR_ZERO)


def _away(usual: Region) -> Combinable:
    """The square of the kilometres to the middle of the region."""
    north = (F("latitude") - Value(usual.latitude)) * Value(KM)
    east = (F("longitude") - Value(usual.longitude)) * Value(usual.east)
    return Power(north, 2.0, output_field=FloatField()) + Power(east, 2.0)


def _crowded() -> QuerySet[Site, str]:
    """The spots that too many streets share. House numbers make no other street."""
    numbers = Value("[^[:alpha:]]*[0-9]+[[:alpha:]]?|[^[:alpha:]]+")
    letters = Func(
        Lower("street"), numbers, Value(""), Value("g"),
        function="regexp_replace", output_field=TextField(),
    )  # fmt: skip
    rows = Site.objects.filter(archived_at=None, latitude__isnull=False).exclude(street="")
    spots = rows.annotate(spot=_spot()).order_by().values_list("spot", flat=True)
    return spots.alias(streets=Count(letters, distinct=True)).filter(streets__gte=MANY)


def _spot() -> Concat:
    """A position to four decimals, as one text."""
    latitude, longitude = (
        Func(
            F(name), template="round((%(expressions)s)::numeric, 4)::text", output_field=TextField()
        )
        for name in ("latitude", "longitude")
    )
    return Concat(latitude, Value(" "), longitude, output_field=TextField())
