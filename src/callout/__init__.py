"""Callout: a field-service suite. Each sub-package is one room; imports go downward only."""

__version__ = "0.1.0"
