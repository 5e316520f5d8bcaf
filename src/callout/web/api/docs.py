"""The description of the API: for programs as OpenAPI, for people as a page."""

import json
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callout.web.access import public_page
from callout.web.api.openapi import described, readable


@public_page
@require_safe
def openapi_file(_request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1. Public: it says how to ask, and nothing of what is there."""
    return HttpResponse(
        _document(), content_type="application/json", headers={"Cache-Control": "no-cache"}
    )


@public_page
@require_safe
def docs_page(request: HttpRequest) -> HttpResponse:
    """The same to read, without a script."""
    return render(request, "api/docs.html", readable())


@public_page
@require_safe
def docs_style(_request: HttpRequest) -> HttpResponse:
    """The page's style sheet: the content policy takes none inline."""
    return HttpResponse(
        _style(), content_type="text/css; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@cache
def _document() -> bytes:
    return json.dumps(described()).encode()


@cache
def _style() -> bytes:
    return (Path(__file__).parent / "docs.css").read_bytes()
