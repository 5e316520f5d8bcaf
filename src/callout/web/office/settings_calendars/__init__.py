"""Working calendars in the settings: their week, their holidays, which one is the default."""
