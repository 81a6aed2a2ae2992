"""Journeys: the real console, driven in a real browser as people drive it."""
