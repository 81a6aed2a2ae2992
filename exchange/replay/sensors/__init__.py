"""Real measurements of others, read for playing: a file per data set, values in the units of the console's own channels."""
