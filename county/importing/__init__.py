"""From public map files to one county folder: read, repair, clip, write, swap."""
