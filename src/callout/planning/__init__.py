"""Who goes when: what stands on orders and workforce together.

`fit` is the one list of rules and what is found by it, over plain data; `team.py` and `loading.py`
read that in a constant number of messages; `drafts` are plans looked at before they are done.
Every change ends in the services of orders.
"""
