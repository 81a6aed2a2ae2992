"""Outages of sites: who told of them, since when, what is cut off, and how they end."""
