"""How well it goes: figures with their formula, n and what was left out."""
