"""Suggestions: what a machine proposes for a passage, never mixed up with a coding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

By = Literal["vocabulary", "classifier"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is proposed for one passage."""

    uid: str
    """Its name: the same passage, stage and codes give the same name."""
    feedback: int
    """Number of the text."""
    start: int
    """First code point of the passage."""
    stop: int
    """Code point after the last."""
    stage: str | None = None
    """Key of the stage."""
    codes: tuple[str, ...] = ()
    """Keys of codes."""
    valence: float | None = None
    """−1…1."""
    probability: float | None = None
    """Of the stage (of the likeliest code where no stage is proposed), 0…1; None where it is not
    known: a word list does not know how often it is right."""
    each: Mapping[str, float] = field(default_factory=dict)
    """Probability of each part: ``stage``, ``valence``, ``code:KEY``."""
    words: tuple[str, ...] = ()
    """The words of the passage that speak for it, the strongest first."""
    by: By = "vocabulary"
    """Who proposes it: the journey's vocabulary, or what was learned from codings."""
    model: str = ""
    """Version of what was learned; empty for the vocabulary."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What suggestions of stages are worth to a coder, as far as it is known."""

    accuracy: float | None
    """Share of coded passages whose stage a classifier that had not seen their respondent would
    have told (five-fold cross-validation), 0…1; None where too little is coded."""
    n: int
    """Passages this rests on."""
    taken: int = 0
    """Suggestions taken, whose coding still says all that was proposed."""
    decided: int = 0
    """Suggestions taken, corrected or refused."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Texts that were drawn to be rated, in the order in which they are to be."""

    uid: str
    """Name of the draw."""
    feedback: tuple[int, ...]
    probability: tuple[float, ...]
    """Chance that each had of being drawn, above 0 and at most 1."""


class Suggester(Protocol):
    """Makes suggestions for a desk. Methods may be called from any thread and never wait for
    something to be learned."""

    def suggest(
        self, feedback: int, version: int, language: str, passages: Mapping[tuple[int, int], str]
    ) -> tuple[Suggestion, ...]:
        """Suggestions for passages (range in code points to words) of a text."""
        ...

    def doubt(self, feedback: list[int]) -> dict[int, float]:
        """How unsure each text is: 0 (sure) to 1; empty as long as nothing is learned."""
        ...

    def stratified(self, coder: str) -> Drawn:
        """The stratified sample that a coder's queue goes through, made at the first call."""
        ...

    def worth(self) -> Worth | None:
        """How often suggestions are right, as last found out; None as long as nobody knows."""
        ...

    def notice(self) -> None:
        """Something was coded."""
        ...
