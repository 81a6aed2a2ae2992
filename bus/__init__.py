"""How words travel: Redis pub/sub and streams, typed and versioned."""
