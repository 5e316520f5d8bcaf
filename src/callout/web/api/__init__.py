"""The public REST API v1: OpenAPI, bearer token or session, the same services as every other door.

Here requests are read, checked for their form, and answered; who may and what happens is decided
by the services and selectors below. No queries, no rules. `docs/api.md` says what it promises.
"""
