"""Public holidays of the world's countries and their regions, from the library `holidays`, which is
read when somebody sets up a calendar: no other request needs its megabytes."""

import re
from datetime import date
from functools import cache

from django.utils.translation import gettext as _

from callout.kernel.errors import Invalid

FIRST, LAST = 2000, 2100


@cache
def countries() -> list[tuple[str, str]]:
    """Code (BE) and English name of each country that is known, by name."""
    from holidays.registry import COUNTRIES

    found = [(names[1], _spaced(names[0])) for names in COUNTRIES.values()]
    return sorted(found, key=lambda one: one[1])


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


@cache
def regions(country: str) -> list[tuple[str, str]]:
    """Code (BY) and name of each region of a country that has holidays of its own."""
    if country not in dict(countries()):
        return []
    import holidays

    known = holidays.country_holidays(country)
    names = known.get_subdivision_aliases()
    return [(code, (names.get(code) or [code])[0]) for code in known.subdivisions]


def public_holidays(country: str, region: str, year: int, language: str) -> list[tuple[date, str]]:
    """The days of a year, in order, named in `language` where the library speaks it. Invalid for
    what it does not know."""
    import holidays

    if country not in dict(countries()):
        raise Invalid({"country": [_("Choose one of the list.")]})
    if region and region not in dict(regions(country)):
        raise Invalid({"region": [_("Choose one of the list.")]})
    if not FIRST <= year <= LAST:
        words = _("Choose a year from %(first)d to %(last)d.")
        raise Invalid({"year": [words % {"first": FIRST, "last": LAST}]})
    spoken = [one for one in _languages(country) if one.split("_")[0] == language]
    known = holidays.country_holidays(
        country, subdiv=region or None, years=year, language=spoken[0] if spoken else None
    )
    # What falls on a Sunday may be kept in the neighbouring year: that year's filling has it.
    found = sorted((day, name) for day, name in known.items() if day.year == year)
    if not found:
        words = _("No public holidays of %(year)d are known there. Add them by hand.")
        raise Invalid({"year": [words % {"year": year}]})
    return found


def _languages(country: str) -> tuple[str, ...]:
    import holidays

    return tuple(holidays.country_holidays(country).supported_languages)
