"""Promises of the HTTP API, the call logs and their replay."""
