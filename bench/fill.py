"""`python -m bench.fill DATABASE ORDERS`: fill a migrated database, in a process of its own."""

import sys
import time

import django


def main(database: str, orders: int) -> None:
    """Fill it, settle it, say how long that took."""
    from bench import place
    from bench.company import Size, company_fill
    from bench.orders import orders_fill, settle
    from callout.kernel import clock

    started = time.monotonic()
    size = Size(orders)
    company_fill(size)
    with place.owner(database) as connection:
        orders_fill(connection, size, clock.now())
        settle(connection)
    print(f"{orders:,} orders made in {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], int(sys.argv[2]))
