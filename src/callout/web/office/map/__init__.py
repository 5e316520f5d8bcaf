"""The map of a day, and the table that says the same."""
