"""Tells other programs what happened: webhooks, signed as Standard Webhooks say.

Reads the journal and nothing else; what is sent holds ids, codes and links, never what people
wrote. Kept by admins who signed in; no API token comes near.
"""
