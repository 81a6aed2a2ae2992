"""How it starts: settings, embedded servers, wiring, background tasks, commands."""
