"""A figure with its uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, its 95 % interval and the number of observations behind it.

    Examples
    --------
    >>> print(Estimate(21.0, 14.0, 28.0, 412))
    21 (14 to 28, n 412)
    """

    value: float
    """The figure; NaN where there is no evidence."""
    low: float
    """Lower end of the 95 % interval; NaN where none can be given."""
    high: float
    """Upper end of the 95 % interval; NaN where none can be given."""
    n: int
    """Observations behind it."""

    def __str__(self) -> str:
        if math.isnan(self.value):
            return f"no evidence (n {self.n})"
        if math.isnan(self.low) or math.isnan(self.high):
            return f"{self.value:.3g} (n {self.n})"
        return f"{self.value:.3g} ({self.low:.3g} to {self.high:.3g}, n {self.n})"
