"""Service order, visit, assignment, lifecycle: the heart.

`lifecycle.py` is the one table of what may happen; services apply it, selectors read for an actor.
No slot finding (planning/), no pages. What a technician sees of other rooms is decided here.
"""
