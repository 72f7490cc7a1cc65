"""Pictures of curves, and of what is computed from them."""
