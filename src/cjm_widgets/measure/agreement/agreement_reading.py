"""What a figure of agreement means, in words, and the traps it may stand in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from cjm_widgets.model.estimate import Estimate
from cjm_widgets.words import number, say

Grade = Literal["good", "tentative", "low", "chance", "share", "undefined", "none"]

GOOD, TENTATIVE = 0.8, 0.667
"""Krippendorff's customary limits (2004, Content Analysis, 2nd edition, p. 241)."""
FEWEST, FEW = 10, 30
PREVALENT = 0.8
SHARES = ("percent", "characters", "characters_coded")
"""Measures from which chance is not taken out."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure of agreement, read with care.

    Examples
    --------
    >>> print(Reading("krippendorff_alpha", Estimate(0.72, 0.55, 0.85, 24)).text())
    Enough for tentative conclusions only (.67 to .80). The interval reaches below .67. 24 texts
    are few.
    """

    measure: str
    """``percent``, ``cohen_kappa``…: the row's measure."""
    estimate: Estimate
    """The figure; its n are texts."""
    prevalence: float = math.nan
    """Share of the ratings that the most frequent label holds, 0…1; NaN where none is said."""

    @property
    def grade(self) -> Grade:
        """What the value says by itself."""
        value = self.estimate.value
        if self.estimate.n == 0:
            return "none"
        if math.isnan(value):
            return "undefined"
        if self.measure in SHARES:
            return "share"
        # A figure that is shown as .80 is read as .80.
        for grade, limit in (("good", GOOD), ("tentative", TENTATIVE), ("low", 0.0005)):
            if round(value, 3) >= limit:
                return grade  # type: ignore[return-value]  # the three are grades
        return "chance"

    @property
    def traps(self) -> tuple[str, ...]:
        """``uncertain``, ``fewest``, ``few``, ``prevalence``: what to beware of."""
        if self.grade in ("none", "undefined"):
            return ()
        found = []
        low, n = self.estimate.low, self.estimate.n
        if self.grade in ("good", "tentative") and low < self._limit:
            found.append("uncertain")
        if n < FEW:
            found.append("fewest" if n < FEWEST else "few")
        if self.prevalence > PREVALENT:
            found.append("easy" if self.measure in SHARES else "prevalence")
        return tuple(found)

    @property
    def _limit(self) -> float:
        return GOOD if self.grade == "good" else TENTATIVE

    def text(self, language: str = "en") -> str:
        """The reading in words, ``en`` or ``fr``."""
        values = {
            "n": self.estimate.n,
            "limit": _point(self._limit, language),
            "percent": _whole(self.prevalence),
            "share": _whole(self.estimate.value),
        }
        parts = [f"grades.{self.grade}", *(f"traps.{trap}" for trap in self.traps)]
        return " ".join(say(f"agreement.{part}", language, **values) for part in parts)


def _whole(share: float) -> int:
    return 0 if math.isnan(share) else round(100 * share)


def _point(value: float, language: str) -> str:
    """A limit as it is printed in the field: .67 in English, 0,67 in French."""
    shown = number(value, language, digits=2)
    return shown.removeprefix("0") if language == "en" else shown
