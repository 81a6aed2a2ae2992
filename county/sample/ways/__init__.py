"""How people get about: roads that follow the valleys, the motorway, the railway, and where they meet and cross."""
