"""Django's own backend for PostgreSQL, but for how it finds out that a connection is gone."""
