"""Handing a shift over (交接班): a sheet of what stands open, signed by who goes and by who comes."""
