"""The emotion curve and what is computed from curves: calibrated, weighted, compared."""
