"""Made-up readings of the sample county's devices, with known faults among them, so that screens live and rules can be judged."""
