"""Where: boundary, towns, roads, places, terrain; import; the sample county."""
