"""Who hears what: a snapshot, then numbered deltas, over one stream per page."""
