"""Verbs that measure: curves, comparisons, drivers, arcs, paths."""
