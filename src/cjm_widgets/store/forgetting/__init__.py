"""Respondents, and forgetting one of them down to the bytes."""
