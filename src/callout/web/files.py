"""Files that go out: never as a page, never kept by a cache, their bytes sent by the edge."""

from pathlib import Path

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from callout.orders.files import file_path
from callout.orders.models import Attachment


def file_answer(row: Attachment, path: Path | None = None) -> HttpResponse:
    """The answer that shows a file, after the caller has checked that this reader may have it.

    `path` is another form of it, of the same kind: a photo's small picture.

    Pictures (ours: written anew) open in the page, everything else is a download. The header names
    the bytes; config/edge/downloads.py sends them.
    """
    is_photo = row.kind == "photo"
    answer = HttpResponse(content_type=row.media_type)
    answer["X-Callout-File"] = str(path or file_path(row.sha256))
    answer["Content-Disposition"] = content_disposition_header(not is_photo, row.name) or "inline"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
