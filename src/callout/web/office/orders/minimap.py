"""A small drawing of where a site is, until there is a map. It asks nothing from outside."""

import math

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from callout.web.ui.markup import joined, piece

KM_PER_DEGREE = 111.32
WIDTH, HEIGHT, GRID_KM = 344, 124, 1


DRAWN = piece("""
    <figure class="co-minimap">
      <svg viewBox="0 0 344 124" role="img" aria-label="{label}">
        <rect class="co-minimap-land" width="344" height="124"/>{across}{down}
        <circle class="co-minimap-near" cx="172" cy="62" r="31"/>
        <circle class="co-minimap-pin co-k-{status}" cx="172" cy="62" r="9"/>
        <circle class="co-minimap-dot" cx="172" cy="62" r="3"/>
        <text class="co-minimap-words" x="10" y="114">{words}</text>
        <text class="co-minimap-words" x="334" y="114" text-anchor="end">{grid}</text>
      </svg>
    </figure>
""")
ACROSS = piece('<line class="co-minimap-grid" x1="{x}" x2="{x}" y1="0" y2="124"/>')
DOWN = piece('<line class="co-minimap-grid" x1="0" x2="344" y1="{y}" y2="{y}"/>')


def minimap(latitude: float, longitude: float, status: str) -> SafeString:
    """The lines of a kilometre's grid around a pin in the colour of the order's status."""
    north = latitude * KM_PER_DEGREE
    east = longitude * KM_PER_DEGREE * math.cos(math.radians(latitude))
    words = f"{latitude:.4f}, {longitude:.4f}"
    return DRAWN(
        label=_("Position %(position)s") % {"position": words},
        across=joined([ACROSS(x=x) for x in _lines(east, WIDTH)]),
        down=joined([DOWN(y=y) for y in _lines(-north, HEIGHT)]),
        status=status,
        words=words,
        grid=_("grid: 1 km"),
    )


def _lines(kilometres: float, length: int) -> list[int]:
    """Where the whole kilometres lie when the pin stands in the middle; 62 pixels make one."""
    step = 62 * GRID_KM
    first = length / 2 - (kilometres % GRID_KM) * step
    lines = [first + step * n for n in range(-4, 5)]
    return [round(line) for line in lines if 0 < line < length]
