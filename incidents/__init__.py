"""What is happening: reports become cases, cases walk the lifecycle of GB/T 30428 practice, event by event."""
