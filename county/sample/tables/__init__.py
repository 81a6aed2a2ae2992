"""What a real county brings beside its map: sites, devices, departments, units, rosters and plans; here made from a seed."""
