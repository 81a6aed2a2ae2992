"""Unit grid cells (单元网格): taken from the county's own map or made from its streets, and numbered."""
