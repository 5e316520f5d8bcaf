from django.http import HttpRequest

from callout.kernel.actor import Door

# By which door a session's request comes in, told by its path.
DOORS: list[tuple[str, Door]] = [("/api/", "api"), ("/technician/", "technician")]


def door_of(path: str) -> Door:
    """The door that `path` belongs to; the office unless it says otherwise."""
    return next((door for prefix, door in DOORS if path.startswith(prefix)), "office")


def is_page(request: HttpRequest) -> bool:
    """Whether a browser asks for a whole page; no fragment, and no program."""
    wants = request.headers.get("Accept", "")
    return request.method == "GET" and "text/html" in wants and "HX-Request" not in request.headers
