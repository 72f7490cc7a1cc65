"""Stages proposed for texts nobody has coded."""
