"""Another thing, as it stands in the shape of one: by its id and its name."""

from typing import Any

from callout.web.api.kinds import Linked


def linked(thing: Any) -> Linked | None:
    """A linked thing, whatever it is, or none."""
    return None if thing is None else Linked(id=thing.pk, name=_name(thing))


def link(thing: Any) -> Linked:
    """The same for one that is always there."""
    return Linked(id=thing.pk, name=_name(thing))


def link_values(thing: Any) -> dict[str, Any] | None:
    """The same as plain values, for what is written as such; None for none."""
    return None if thing is None else {"id": thing.pk, "name": _name(thing)}


def _name(thing: Any) -> str:
    return str(getattr(thing, "label", None) or getattr(thing, "name", None) or thing)
