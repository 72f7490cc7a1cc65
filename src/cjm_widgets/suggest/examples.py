"""What a classifier learns from: a bounded number of coded passages, hashed when they come."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cjm_widgets.suggest.words import Row, hashed, rows_of

KEPT = 20_000
"""Codings learned from, the newest ones: what more would add is less than what it would cost."""


@dataclass(frozen=True, slots=True)
class Example:
    """A coded passage."""

    uid: str
    """Public name of the coding."""
    text: str
    """The passage's words."""
    context: tuple[str, ...] = ()
    """What is known of the text besides: ``"channel: call"``."""
    respondent: str = ""
    """Who said it; what is known of a respondent is never tested on the same one."""
    stage: str | None = None
    codes: tuple[str, ...] = ()
    valence: float | None = None
    """−1…1."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An example as it is remembered: without its words."""

    uid: str
    row: Row
    respondent: str
    stage: str | None
    codes: tuple[str, ...]
    step: int | None
    """The valence in a coder's steps, −2…+2."""


class Examples:
    """Coded passages in the order in which they came, the oldest forgotten beyond a bound.

    Parameters
    ----------
    most
        How many are kept.
    """

    def __init__(self, most: int = KEPT) -> None:
        self.most = most
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, examples: Sequence[Example]) -> None:
        """Take examples in, or again where they have changed."""
        if not examples:
            return
        matrix = hashed([e.text for e in examples], [e.context for e in examples])
        for example, row in zip(examples, rows_of(matrix), strict=True):
            step = None if example.valence is None else round(example.valence * 2)
            self._kept.pop(example.uid, None)
            self._kept[example.uid] = Kept(
                example.uid, row, example.respondent, example.stage, example.codes, step
            )
        while len(self._kept) > self.most:
            self._kept.popitem(last=False)

    def drop(self, uids: Iterable[str]) -> None:
        """Forget codings that are gone."""
        for uid in uids:
            self._kept.pop(uid, None)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def all(self) -> list[Kept]:
        """What is kept, ordered by name: a model depends on what was coded, not on when."""
        return sorted(self._kept.values(), key=lambda kept: kept.uid)
