"""What becomes of the rows that were read: placed in WGS 84, judged, mended, named, and made the county's layers and tables."""
