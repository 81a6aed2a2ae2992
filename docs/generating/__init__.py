"""The documents that are made from the code, one file each."""
