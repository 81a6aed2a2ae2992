"""Promises about who may, and what is kept of people."""
