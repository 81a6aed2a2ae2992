"""Shared words: ids, clock, place, messages and the three kinds of failure."""
