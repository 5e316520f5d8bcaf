"""What every room stands on: clock, ids, actor, errors, journal and feed, the change wrapper, jobs.

Nothing here knows an order, a customer or a technician, and nothing here imports another room.
"""
