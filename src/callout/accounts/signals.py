def connect() -> None:
    """Filled below."""
