"""Wires: every codec by vectors from outside, round trips, and bytes that nobody meant."""
