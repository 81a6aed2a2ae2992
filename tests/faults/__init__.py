"""What is acknowledged is kept, once, whatever dies in between."""
