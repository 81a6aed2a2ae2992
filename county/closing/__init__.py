"""Closing roads: who closed what, why and until when, and how it opens again."""
