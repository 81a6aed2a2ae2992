"""What is kept: the journal, its projections, accounts and personal data."""
