"""Promises: each test is a sentence about what the console does."""
