"""The map: its page, its layout, and what it lacks."""
