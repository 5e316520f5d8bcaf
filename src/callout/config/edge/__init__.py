"""What stands between the network and Django: limits, files, health, headers. No Django views here.

All of it is plain ASGI, so that slow clients hold no thread and no database connection.
"""
