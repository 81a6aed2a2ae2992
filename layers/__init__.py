"""What is on the map: the base map and its tiles."""
