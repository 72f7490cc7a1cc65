"""The database under a study: tables, statements, files opened and brought up to date."""
