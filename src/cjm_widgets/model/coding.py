"""Passages and codings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cjm_widgets.errors import ArgumentError

Origin = Literal["human", "suggestion", "import"]
"""Where a coding came from: a person, a suggestion a person accepted, a file."""

STEPS = (-2, -1, 0, 1, 2)
"""The scale on which coders give valence; a step is half a unit of valence."""


def valence_of_step(step: int) -> float:
    """Valence in −1…1 of a coder's step in −2…+2.

    >>> [valence_of_step(step) for step in STEPS]
    [-1.0, -0.5, 0.0, 0.5, 1.0]
    """
    if step not in STEPS:
        raise ArgumentError(f"a valence step is one of −2, −1, 0, 1, 2, not {step!r}")
    return step / 2


@dataclass(frozen=True, slots=True)
class Coding:
    """One coder's statement about one passage of one feedback text."""

    uid: str
    """Public name of the coding, unique in the study."""
    feedback: int
    """The feedback text, by its number in the study."""
    version: int
    """Which version of that text the offsets count in."""
    start: int
    """First code point of the passage, from 0."""
    stop: int
    """Code point after the last one of the passage."""
    coder: str
    """Who says it."""
    stage: str | None = None
    """Key of the stage, if one is given."""
    valence: float | None = None
    """How the customer felt, −1 to 1, if given."""
    codes: tuple[str, ...] = ()
    """Keys of the codes."""
    memo: str = ""
    """The coder's note on the passage."""
    origin: Origin = "human"
    """Where the coding came from."""
    rev: int = 0
    """Journal number of the action whose result this is; 0 for one that is not stored yet."""
    gone: bool = False
    """Whether it has been removed."""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.stop:
            raise ArgumentError(
                f"a passage is a range [start, stop) with 0 <= start < stop, "
                f"not [{self.start}, {self.stop})"
            )
        if self.valence is not None and not -1 <= self.valence <= 1:
            raise ArgumentError(f"valence lies between −1 and 1, not {self.valence!r}")
