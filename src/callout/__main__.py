"""`python -m callout` is `callout`."""

from callout.config.command import main

main()
