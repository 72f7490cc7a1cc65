"""Texts become scores."""
