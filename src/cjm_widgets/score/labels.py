"""What the labels of a classifier mean as valences."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from cjm_widgets.errors import ArgumentError
from cjm_widgets.text.fold import fold

_SIGNS = {
    "positive": 1, "positif": 1, "pos": 1, "good": 1,
    "negative": -1, "negatif": -1, "neg": -1, "bad": -1,
    "neutral": 0, "neutre": 0, "neu": 0, "mixed": 0, "mixte": 0,
}  # fmt: skip
_STRONG = {"very", "extremely", "strongly", "tres"}


def label_valences(
    labels: Sequence[str], given: Mapping[str, float] | None = None
) -> tuple[float, ...]:
    """Valence of each label, −1…1.

    Parameters
    ----------
    labels
        The labels of a model, in its order.
    given
        Label to valence, all of them; None reads the labels: numbers of stars, from the
        fewest (−1) to the most (1), or positive, negative and neutral (with "very": the
        plain ones count half).

    Raises
    ------
    ArgumentError
        If `given` leaves out a label or holds something else than −1…1, or the labels
        cannot be read.
    """
    if given is not None:
        return _checked(labels, given)
    found = _stars(labels) or _signs(labels)
    if found is None:
        listed = ", ".join(map(repr, labels))
        example = ", ".join(f"{label!r}: …" for label in labels)
        raise ArgumentError(
            f"nobody can tell what the labels of this model mean ({listed}); say it, with "
            f"valences from −1 to 1: TransformersScorer(path, labels={{{example}}})"
        )
    return found


def _checked(labels: Sequence[str], given: Mapping[str, float]) -> tuple[float, ...]:
    missing = [label for label in labels if label not in given]
    if missing:
        raise ArgumentError(
            f"labels: the model has {', '.join(map(repr, labels))}; "
            f"no valence is given for {', '.join(map(repr, missing))}"
        )
    values = [float(given[label]) for label in labels]
    for label, value in zip(labels, values, strict=True):
        if not math.isfinite(value) or abs(value) > 1:
            raise ArgumentError(f"labels: {label!r} is {value!r}; a valence lies between −1 and 1")
    return tuple(values)


def _stars(labels: Sequence[str]) -> tuple[float, ...] | None:
    """ "1 star" to "5 stars", or bare numbers from 1 on, each once and without a gap."""
    found = [
        re.fullmatch(r"\s*(\d+)\s*(?:stars?|étoiles?|etoiles?)?\s*", x.lower()) for x in labels
    ]
    numbers = [int(match[1]) for match in found if match]
    if len(labels) < 2 or sorted(numbers) != list(range(1, len(labels) + 1)):
        return None
    return tuple(2 * (number - 1) / (len(labels) - 1) - 1 for number in numbers)


def _signs(labels: Sequence[str]) -> tuple[float, ...] | None:
    words = [re.split(r"[\W_]+", fold(label)) for label in labels]
    signs = [{_SIGNS[word] for word in parts if word in _SIGNS} for parts in words]
    if any(len(sign) != 1 for sign in signs) or not {1, -1} <= set().union(*signs):
        return None
    strong = [bool(_STRONG & set(parts)) for parts in words]
    plain = 0.5 if any(strong) else 1.0
    return tuple(
        float(next(iter(sign))) * (1.0 if much else plain)
        for sign, much in zip(signs, strong, strict=True)
    )
