"""Who may: people, roles, permissions, sessions, keys, audit, masking."""
