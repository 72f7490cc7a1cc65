"""Queries for passages, and tables of codes."""
