"""How Callout is put together: settings, addresses, server, embedded database, command line.

No business rule lives here, and no room imports from here.
"""
