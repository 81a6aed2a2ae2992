"""Promises of the bus, kept by Redis and by memory."""
