"""The roads: a graph with directions, speeds and turn restrictions, made from the county's map."""
