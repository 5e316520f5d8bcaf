"""What Callout costs: `make bench` fills databases, serves them, and measures over HTTP."""
