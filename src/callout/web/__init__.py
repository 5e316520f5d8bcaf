"""What people and programs touch: parse, call a service or a selector, render.

No queries and no rules live here.
"""
