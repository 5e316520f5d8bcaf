"""The New order form: two short steps in one form, in a side panel or on its own page.

The server draws every state of it from what the form sent, so nothing typed depends on a script:
`typed` reads the fields, `drawing` makes what the templates show, `saving` calls the services.
"""
