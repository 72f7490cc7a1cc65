"""Verbs that draw, keep and share the map."""
