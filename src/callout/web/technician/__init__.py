"""The technician's pages: My interventions, and one order with what can be done now.

Whoever comes in here has a technician's rights only, a manager too. Reads and rules stand in
orders/; here is parsing and rendering.
"""
