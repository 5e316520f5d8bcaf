"""Customers, contacts, sites and assets: plain pages, boxes to create on the spot."""
