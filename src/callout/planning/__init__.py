"""Free slots, fit with reasons, and "create and plan" in one: what stands on orders and workforce.

`slots.py` holds pure rules over plain data; services load what the rules ask in few queries.
"""
