"""Courses of emotion through a text, and ways through the stages."""
