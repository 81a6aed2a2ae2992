"""Plays a call log through the public HTTP API, at any speed, so that nothing is ever lost or doubled."""
