"""Where people live: the seat, the towns and the villages, their streets, blocks and houses."""
