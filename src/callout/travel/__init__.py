"""How long from here to there: an estimate by straight line, until a routing server is set.

Pure functions over positions; nothing here knows a technician or an order.
"""
