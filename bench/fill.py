"""`python -m bench.fill ORDERS`: fill a migrated database, in a process of its own."""

import sys

import django


def main(orders: int) -> None:
    """Fill it, settle it, say how long that took."""
    from callout.config.demo.scale import scaled_fill
    from callout.config.demo.scale.company import Size
    from callout.kernel import clock

    took = scaled_fill(Size(orders), clock.now())
    print(f"{orders:,} orders made in {took:.0f} s", flush=True)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
