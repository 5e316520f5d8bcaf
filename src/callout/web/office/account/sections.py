"""The list on the settings page. Other screens add their lines when their addresses are loaded."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callout.kernel.actor import Actor


@dataclass(frozen=True)
class Section:
    """One line: where it leads, and for whom it is there."""

    group: str | Promise
    title: str | Promise
    text: str | Promise
    url_name: str
    icon: str
    shown: Callable[[Actor], bool]
    position: int = 50


def everybody(_actor: Actor) -> bool:
    return True


def managers(actor: Actor) -> bool:
    return actor.is_manager


def admins(actor: Actor) -> bool:
    return actor.is_admin


YOU = _("You")
COMPANY = _("Company")
WORK = _("Work")

_sections: dict[str, Section] = {}


def add(section: Section) -> None:
    """Put a line on the settings page; adding it again replaces it."""
    _sections[section.url_name] = section


def sections_for(actor: Actor) -> list[tuple[str, list[Section]]]:
    """The lines that `actor` sees, by group, in order."""
    groups: dict[str, list[Section]] = {}
    for section in sorted(_sections.values(), key=lambda s: (s.position, s.url_name)):
        if section.shown(actor):
            groups.setdefault(str(section.group), []).append(section)
    return list(groups.items())


add(
    Section(YOU, _("Profile"), _("Name, language, colours"), "office:profile", "user", everybody, 1)
)
add(
    Section(
        YOU,
        _("Sign-in and security"),
        _("Password, second factor, where you are signed in"),
        "office:security",
        "lock",
        everybody,
        2,
    )
)
add(
    Section(YOU, _("API tokens"), _("Keys for your programs"), "office:tokens", "key", everybody, 3)
)
add(
    Section(
        COMPANY,
        _("Company"),
        _("Name, address, time zone, order numbers"),
        "office:company",
        "building",
        admins,
        10,
    )
)
add(
    Section(
        COMPANY,
        _("Users"),
        _("Who may sign in, and as what"),
        "office:users",
        "users",
        admins,
        11,
    )
)
add(
    Section(
        COMPANY,
        _("Mail"),
        _("Which server it goes to, and whether it arrives"),
        "office:mail",
        "mail",
        admins,
        12,
    )
)
