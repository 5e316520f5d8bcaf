"""The demo company: believable, the same at every load, laid around the moment of loading.

Everything goes through the services, with the clock held at the moment when it would have
happened: what a visitor sees was made the way their own work would be.
"""
