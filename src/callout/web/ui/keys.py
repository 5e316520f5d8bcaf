"""The keys, for the sheet that `?` opens: those of the screen one is on come first."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

# Which screen a page is, by the name of its view.
SCREENS = {
    "orders": "list",
    "kanban": "kanban",
    "kanban_team": "kanban",
    "planning": "planning",
    "map": "map",
    "map_table": "map",
}


@dataclass(frozen=True, slots=True)
class Group:
    """The keys of one screen ("" for everywhere): each as the keys pressed, and what they do."""

    screen: str
    title: str
    keys: list[tuple[list[str], str]]


def screen_of(view: str) -> str:
    """The screen whose keys a page answers to, "" for none of its own."""
    return SCREENS.get(view, "")


def groups(screen: str) -> list[Group]:
    """All keys; those of `screen` first, then those of everywhere, then the rest."""
    found = [_everywhere(), _list(), _kanban(), _planning(), _map()]
    return sorted(found, key=lambda group: (group.screen != screen, group.screen != ""))


def _everywhere() -> Group:
    ctrl, shift = _("Ctrl"), _("Shift")
    return Group("", _("Everywhere"), [
        (["/"], _("Search everything")),
        (["n"], _("New order")),
        (["?"], _("This list")),
        (["Esc"], _("Close; what you typed is kept")),
        (["↑", "↓", "↵"], _("In a search box: choose one, and take it")),
        ([ctrl, "↵"], _("In a search box: create what you typed")),
        (["Tab", shift, "Tab"], _("On to the next field or button, and back")),
    ])  # fmt: skip


def _list() -> Group:
    shift = _("Shift")
    return Group("list", _("List"), [
        (["↑", "↓"], _("From row to row")),
        (["↵"], _("Open the order")),
        (["x"], _("Choose the row, or leave it")),
        ([shift, "x"], _("Choose all rows from the last one to this")),
        ([shift, "↑", "↓"], _("Choose row after row")),
        (["Esc"], _("Choose none")),
    ])  # fmt: skip


def _kanban() -> Group:
    shift = _("Shift")
    return Group("kanban", _("Kanban"), [
        (["↑", "↓", "←", "→"], _("From card to card")),
        (["↵"], _("Open the order")),
        (["m"], _("The card’s menu")),
        (["x"], _("Choose the card, or leave it")),
        ([shift, "x"], _("Choose all cards of the column from the last one to this")),
        ([shift, "↑", "↓"], _("Choose card after card")),
        ([_("Space")], _("Lift the card; again, or Enter, drops it")),
        (["←", "→"], _("A lifted card: choose a column")),
        (["Esc"], _("A lifted card goes back; else choose none")),
    ])  # fmt: skip


def _planning() -> Group:
    ctrl, shift, space = _("Ctrl"), _("Shift"), _("Space")
    return Group("planning", _("Planning"), [
        (["↑", "↓", "←", "→"], _("From technician to technician, from visit to visit")),
        (["PgUp", "PgDn"], _("Ten technicians on")),
        (["Home", "End"], _("First and last visit of the row; with Ctrl, of the board")),
        (["↵", "o"], _("Open the visit")),
        (["m"], _("Its menu")),
        ([space], _("Pick up; again, or Enter, plans it there")),
        ([shift, space], _("Mark several, to be picked up together")),
        (["↑", "↓", "←", "→"], _("Picked up: choose technician and time")),
        ([shift, "←", "→"], _("Picked up: an hour at a time")),
        (["+", "-"], _("Longer and shorter by 15 minutes; Alt with ← and → too")),
        (["b"], _("Picked up, or in the pile: the best slot")),
        (["Esc"], _("Picked up: back where it was")),
        ([ctrl, "z"], _("Take the last move back")),
    ])  # fmt: skip


def _map() -> Group:
    return Group("map", _("Map"), [
        (["Tab", "↵"], _("From stop to stop in the list, and open one")),
        (["↑", "↓", "←", "→"], _("On the map itself: move it")),
        (["+", "-"], _("On the map itself: nearer and further")),
    ])  # fmt: skip
