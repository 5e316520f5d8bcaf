"""The API put together."""

from ninja import NinjaAPI

from callout.web.api import (
    attachments,
    beside,
    catalogue,
    orders,
)
from callout.web.api.access import signed_in
from callout.web.api.forms import StrictParser
from callout.web.api.problems import register

PREFIX = "api/v1/"

api = NinjaAPI(
    title="Callout",
    version="1",
    urls_namespace="callout-api",
    openapi_url=None,  # ours says more: openapi.py
    docs_url=None,
    auth=signed_in,
    parser=StrictParser(),
)
register(api)
api.add_router("/service-orders", orders.router)
for module in (beside, attachments, catalogue):
    api.add_router("", module.router)
