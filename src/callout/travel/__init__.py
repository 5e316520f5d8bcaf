"""How long from here to there, by which road, and where an address is.

The estimate is pure; what routing server and geocoder tell is asked outside of transactions,
looked at before it is believed, and kept. Nothing here knows a technician or an order.
"""
