"""Server-sent events: hints of what changed, for whoever may see it.

Raw ASGI beside Django's WSGI threads, so that an open screen costs neither a thread nor a
connection to the database. What is read and who may see it is decided in the rooms below.
"""
