"""Who goes: units, where they are and what they are on."""
