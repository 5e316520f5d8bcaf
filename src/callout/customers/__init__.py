"""Who orders and where work is done: customers, contacts, sites in a tree, assets and their moves.

Knows no order and no technician. What a higher room must say (which sites are a technician's own
work, whether a customer still has open work) comes in through the hooks of `policy`.
"""
