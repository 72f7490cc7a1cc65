"""What reviewing coders' differences speaks of; see docs/review.md.

A place is what several coders marked as the same words of one text. Its sides are the coders
of that text, each with what they said there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import Memo, Op, Opening, Receipt, Sheet

On = Literal["stage", "valence", "codes"]
"""What coders are compared by."""

How = Literal["coder", "own", "undecided"]
"""A coder's codings were taken, the reviewer's own were, or the place was left open."""

CaseStatus = Literal["open", "settled", "all"]

STEP = 0.5
"""Coders differ in valence from one of the coder's five steps on."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one coder of the text says at a place."""

    coder: str
    codings: tuple[Coding, ...]
    """By start; empty where this coder marked nothing here."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a reviewer made of a place."""

    uid: str
    how: How
    chosen: str
    """The coder whose codings were taken; else empty."""
    by: str
    at: str
    """ISO 8601, UTC."""
    codings: tuple[Coding, ...]
    """Those of the consensus; none where it was left undecided."""


@dataclass(frozen=True, slots=True)
class Place:
    """Words that are one passage to several coders, and what each says of them."""

    id: str
    """Uid of its first coding."""
    start: int
    stop: int
    sides: tuple[Side, ...]
    differs: tuple[On, ...]
    """In what its coders differ."""
    settled: Settled | None = None
    news: bool = False
    """Whether there are codings here that the one who settled it did not see."""


@dataclass(frozen=True, slots=True)
class Case:
    """A text in which coders differ, as a line of the queue."""

    id: int
    title: str
    preview: str
    open: int
    """Differences not settled yet; those left undecided too."""
    total: int


@dataclass(frozen=True, slots=True)
class Cases:
    """A page of the queue."""

    items: tuple[Case, ...]
    after: int | None
    """Cursor of the next page; None at the end."""


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """One text with what its coders said."""

    sheet: Sheet
    places: tuple[Place, ...]
    memos: tuple[Memo, ...]
    """On the text and its codings, everybody's, the oldest first."""
    open: int
    total: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of agreement."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far coders agree, and how much of where they differ is settled."""

    before: dict[str, Figure]
    """Measure (``percent``, ``krippendorff_alpha``) to its figure, of the coders as they coded."""
    after: dict[str, Figure]
    """The same, with the consensus in the place of what it settled."""
    total: int
    """Differences."""
    settled: int


class ReviewDesk(Protocol):
    """A reviewer's desk. Methods may be called from any thread."""

    on: On

    def open(self) -> Opening: ...

    def cases(self, status: CaseStatus, after: int = 0, limit: int = 60) -> Cases:
        """Texts with differences, by number, after a cursor."""
        ...

    def next(self, status: CaseStatus, after: int, *, back: bool = False) -> int | None:
        """The next text with differences; None when there is no more."""
        ...

    def sheet(self, id: int) -> ReviewSheet: ...

    def progress(self) -> Progress: ...

    def apply(self, op: Op, seen: dict[str, int] | None = None) -> Receipt:
        """Do one thing: ``settle`` a place, write a memo, undo or redo."""
        ...
