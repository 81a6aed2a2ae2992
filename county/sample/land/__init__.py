"""The land before people: relief, water, and the lines that divide it."""
