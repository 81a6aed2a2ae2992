"""Explanations, decisions, and the documents that are made from the code."""
