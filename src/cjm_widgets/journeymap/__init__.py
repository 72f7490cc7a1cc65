"""JourneyMap: every fact a map shows, computed once."""
