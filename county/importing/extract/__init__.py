"""OpenStreetMap extracts: read through GDAL and libosmium, the edge and the towns chosen out of them."""
