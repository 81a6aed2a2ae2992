"""4G/5G: sites and sectors, predicted and measured coverage, weak areas, planning."""
