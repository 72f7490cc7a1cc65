"""Drivers, forecasts, opportunities and paths, as pictures."""
