"""How the rated texts were chosen, and which ratings a calibrated curve may rest on.

Ratings of texts drawn with known chances are weighed by these. Ratings of texts of which nobody
says how they were chosen are taken as drawn at random, as long as there are no others. Ratings
of texts chosen because the classifier hesitated are never used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cjm_widgets.store import Store
from cjm_widgets.store.desks import learning
from cjm_widgets.store.queues.ordering import RANDOM, UNCERTAIN

DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Basis:
    """Ratings that a calibrated curve may rest on."""

    texts: frozenset[int]
    """The texts they are of."""
    probability: pd.Series[float] | None
    """Chance of each to be rated, up to one factor; None: the same for all."""
    upto: int | None = None
    """Last text that could be drawn; later ones had no chance."""


@dataclass(frozen=True, slots=True)
class Bases:
    """What the ratings of a study can be the basis of, the better first."""

    known: Basis | None
    """Texts drawn with known chances."""
    unsaid: Basis | None
    """Texts of which nobody says how they were chosen."""
    doubtful: int
    """Texts rated only because the classifier hesitated."""

    def __iter__(self) -> Iterator[Basis]:
        return iter([basis for basis in (self.known, self.unsaid) if basis is not None])


def bases(store: Store) -> Bases:
    """How the study's rated texts were chosen."""
    rated: dict[int, set[str | None]] = {}
    chance: dict[int, float] = {}
    for _, text, by, p, valence in learning.sampled(store.base):
        if valence is None:
            continue
        rated.setdefault(text, set()).add(by)
        if by == RANDOM and p is not None:
            chance[text] = p
    samples = [_of_draw(body, rated) for body in store.documents(DRAW).values()]
    samples.append(_of_queue(chance))
    upto = [body["upto"] for body in store.documents(DRAW).values()]
    if chance:
        upto.append(learning.last(store.base))
    known = _joined([sample for sample in samples if sample], max(upto, default=None))
    drawn = known.texts if known is not None else frozenset()
    # What was rated outside of samples may be drawn later; it stays what it was before.
    plain = frozenset(text for text, ways in rated.items() if None in ways)
    doubtful = sum(
        UNCERTAIN in ways and None not in ways and text not in drawn for text, ways in rated.items()
    )
    return Bases(known, Basis(plain, None) if plain else None, doubtful)


def _of_draw(body: Mapping[str, Any], rated: Mapping[int, object]) -> dict[int, float]:
    """Chance of each rated text of a draw, the texts not rated (yet) accounted for.

    Within a stratum the order of rating is random, so that those rated so far are a random
    part of those drawn.
    """
    drawn = Counter(body["stratum"])
    done = Counter(
        at for text, at in zip(body["feedback"], body["stratum"], strict=True) if text in rated
    )
    return {
        text: p * done[at] / drawn[at]
        for text, at, p in zip(body["feedback"], body["stratum"], body["probability"], strict=True)
        if text in rated
    }


def _of_queue(chance: Mapping[int, float]) -> dict[int, float]:
    """Chance of each text rated in a random order: as many were rated, each with its chance of
    coming next."""
    return {text: min(1.0, len(chance) * p) for text, p in chance.items()}


def _joined(samples: list[dict[int, float]], upto: int | None) -> Basis | None:
    """Several samples as one: each speaks for all texts, with the weight of its size.

    The sum of a text's weights n_d / (n p_d) over the samples d it is in gives an unbiased
    total, whatever the samples share.
    """
    n = sum(map(len, samples))
    if not n:
        return None
    weight: dict[int, float] = {}
    for sample in samples:
        for text, p in sample.items():
            weight[text] = weight.get(text, 0.0) + len(sample) / (n * p)
    least = min(weight.values())
    found = pd.Series({text: least / w for text, w in weight.items()}, dtype="float64")
    return Basis(frozenset(weight), found, upto)
