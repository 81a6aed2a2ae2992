"""Promises of how it starts."""
