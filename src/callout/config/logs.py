"""What the log says of a request that broke."""

import logging


class RoutesOnly(logging.Filter):
    """In place of an address its route: an address may hold a secret, such as a reset's key."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every line through."""
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match else "(an address that is none)"
            record.args = tuple(route if one == request.path else one for one in record.args)
        return True
