"""Customer feedback to journey maps, inside Jupyter."""

__version__ = "0.1.0"
