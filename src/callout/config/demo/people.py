"""Who works at the demo company, and with what."""

from dataclasses import dataclass

from django.conf import settings

COMPANY = "Claes & Verbeke Technics"
DOMAIN = settings.DEMO_DOMAIN
PASSWORD = "try-it-out-1"  # noqa: S105 - printed for whoever tries the demo, refused elsewhere
TEAMS = ["Brussels", "North", "South"]
SKILLS = ["Gas G1", "Refrigeration", "Lifts", "Electricity", "Fire safety", "Ventilation"]
VEHICLES = [
    ("1-VKB-207", "Transit 3"),
    ("2-CFX-418", "Caddy 7"),
    ("1-TRA-992", "Vito 1"),
    ("2-BHN-055", "Caddy 8"),
    ("1-XDE-431", "Transit 4"),
    ("2-AKP-760", "Berlingo 2"),
    ("1-YLM-318", "Transit 5"),
    ("2-EGT-104", "Vito 2"),
]
SHOWN = [("els", "manager"), ("sofie", "technician"), ("thomas", "technician")]
MANAGERS = [("Els Verbeke", "els", True), ("Marc Dubois", "marc", False)]


@dataclass(frozen=True, slots=True)
class Person:
    """A technician of the demo. `login` "" is a subcontractor without sign-in."""

    name: str
    login: str
    town: str
    skills: tuple[str, ...]
    team: str
    language: str = "nl"


TECHNICIANS = [
    Person("Sofie De Smet", "sofie", "Zaventem", ("Refrigeration", "Electricity"), "Brussels"),
    Person("Thomas Lambert", "thomas", "Nivelles", ("Gas G1", "Ventilation"), "South", "fr"),
    Person("Jeroen Claes", "jeroen", "Overijse", ("Gas G1", "Electricity"), "Brussels"),
    Person("Yassine El Amrani", "yassine", "Waterloo", ("Gas G1", "Lifts"), "South", "fr"),
    Person("Nadia Benali", "nadia", "Leuven", ("Gas G1", "Refrigeration"), "North", "fr"),
    Person("Luc Vandenberghe", "luc", "Dendermonde", ("Lifts", "Electricity"), "North"),
    Person("Mehdi Ouali", "mehdi", "Ottignies", ("Refrigeration", "Ventilation"), "South", "fr"),
    Person("Bart Peeters", "bart", "Mechelen", ("Lifts", "Fire safety"), "North"),
    Person("Pieter Wouters", "pieter", "Antwerpen", ("Gas G1", "Electricity"), "North"),
    Person("Julie Martens", "julie", "Halle", ("Fire safety", "Electricity"), "Brussels"),
    Person("Claire François", "claire", "Gembloux", ("Ventilation", "Gas G1"), "South", "fr"),
    Person("Techni-Froid Wallonie", "", "Namur", ("Refrigeration",), "South", "fr"),
]


def sign_ins() -> list[str]:
    """For whoever tries the demo: how to sign in, line by line."""
    who = [f"  {login}@{DOMAIN}  ({role})" for login, role in SHOWN]
    return [f"Sign in with the password {PASSWORD} as:", *who]
