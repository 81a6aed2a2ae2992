"""Who is recommended to go: needs, candidates, and the answer with its reasons."""
