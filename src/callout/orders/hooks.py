"""What lower rooms need to know of orders, handed to them when the application starts."""


def register() -> None:
    """Called once, when the application is ready."""
