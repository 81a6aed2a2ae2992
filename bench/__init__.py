"""Speed against named baselines: each bench prints its table and ends with one line of JSON; exit 0 only if its bar is met."""
