"""Promises of the room that knows the units."""
