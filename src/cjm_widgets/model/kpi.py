"""Measured figures of a journey or a stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cjm_widgets.errors import ArgumentError

Direction = Literal["up", "down"]
"""Which way is good."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """What is measured, in which unit, and what would be good."""

    name: str
    """As it is shown, such as ``"Cart abandonment"``."""
    stage: str | None = None
    """Key of the stage it belongs to; None for the whole journey."""
    unit: str = ""
    """``"%"``, ``"points"``, ``"EUR"``, ``"minutes"`` or any other; shown beside the value."""
    direction: Direction = "up"
    """Which way is good; with the target it decides the colour, never the sign alone."""
    target: float | None = None
    """The value aimed at, in the same unit."""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ArgumentError("a KPI needs a name")
        if self.direction not in ("up", "down"):
            raise ArgumentError(
                f"a KPI's direction is 'up' or 'down' (which way is good), not {self.direction!r}"
            )
