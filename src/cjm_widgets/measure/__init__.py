"""Frames become frames: curves, KPIs and their intervals."""
