"""Where a study lives: tables, journal and desk, on SQLite and PostgreSQL."""
