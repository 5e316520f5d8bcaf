"""The kinds of values that travel: strict, with the same words for what is wrong as every door."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Query
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    WithJsonSchema,
)

from callout.kernel import checks
from callout.kernel.checks import Wrong
from callout.kernel.paging import MOST


def _moment(value: Any) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Wrong(_("Give a time with its offset, like 2026-11-24T08:00:00+01:00."))
    found: datetime = checks.moment(value)
    return found


def _day(value: Any) -> date:
    found: date = checks.day(required=True)(value)
    return found


def _hour(value: Any) -> str:
    if isinstance(value, str) and len(value) in {5, 8}:
        try:
            return datetime.strptime(value, "%H:%M:%S"[: 5 if len(value) == 5 else 8]).strftime(  # noqa: DTZ007
                "%H:%M"
            )
        except ValueError:
            pass
    raise Wrong(_("Give an hour like 16:00."))


def _listed(value: Any) -> Any:
    """A filter is given once, its values with commas between."""
    return [one for part in value for one in part.split(",") if one] if value else []


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "example": "2026-11-24T08:00:00Z"}),
]
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "example": "2026-11-24"}),
]
Hour = Annotated[
    str,
    BeforeValidator(_hour),
    WithJsonSchema({"type": "string", "format": "time", "example": "16:00"}),
]
Text = Annotated[str, Field(max_length=20_000)]
Flag = StrictBool
Whole = StrictInt
Minutes = Annotated[StrictInt, Field(ge=1, le=1440)]
Position = Annotated[StrictInt, Field(ge=0, le=32_767)]
Latitude = Annotated[StrictFloat, Field(ge=-90, le=90)]
Longitude = Annotated[StrictFloat, Field(ge=-180, le=180)]
Ids = Annotated[list[UUID], Field(max_length=100)]
ListedIds = Annotated[
    list[UUID],
    BeforeValidator(_listed),
    Field(max_length=200),
    WithJsonSchema({"type": "string", "example": "018f…,018f…"}),
]
Week = Annotated[
    list[list[list[str]]],
    Field(
        description="Seven days, Monday first; each a list of [from, to] in the company's time.",
        examples=[[[["08:00", "12:00"], ["13:00", "17:00"]]] * 5 + [[], []]],
    ),
]


class Shape(BaseModel):
    """What is read: an object with the fields filled for this reader."""


class Body(BaseModel):
    """What is sent: a name that is not known is refused, never ignored."""

    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        """The fields that were sent, null ones too, and no other."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Linked(Shape):
    """Another thing, by its id and the name that people know it by."""

    id: UUID
    name: str


class Created(Shape):
    """What every thing has."""

    id: UUID
    version: int = Field(description="Raised by every change of its fields; also sent as ETag.")


class Window(Shape):
    """Which page of a list."""

    limit: int = Field(50, ge=1, le=MOST, description="How many at most.")
    after: Annotated[str, Field(max_length=2_000)] = Field(
        "", description="`next` of the page before."
    )

    @property
    def cursor(self) -> str | None:
        """None for the first page."""
        return self.after or None


class Shelf(Window):
    """A list that hides what is archived."""

    archived: bool = Field(False, description="`true`: those archived instead of those in use.")


class Search(Shelf):
    """One that can be searched."""

    q: Annotated[str, Field(max_length=100)] = Field(
        "", description="Words to look for; accents and case do not matter."
    )


__all__ = ["Query"]
