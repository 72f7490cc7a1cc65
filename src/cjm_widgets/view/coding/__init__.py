"""Passages, matrices, agreement, and coding against a gold sample, as pages."""
