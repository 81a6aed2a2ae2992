"""Plans (预案): who is needed at which level, what is to be done, who is told; kept in versions, activated on cases."""
