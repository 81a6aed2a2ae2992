"""Real call logs of other towns: foreign rows become calls of ours, or are refused with a reason and counted."""
