"""Managers' pages: htmx and templates, one folder for each screen."""
