"""Tells people what concerns them: pushes to phones and notices in the app.

Reads the journal and nothing else; changes no order. Mail and webhooks will stand here too.
"""
