"""Warnings (预警): what was issued for the county, by whom, in which colour, until when, and what ended it."""
