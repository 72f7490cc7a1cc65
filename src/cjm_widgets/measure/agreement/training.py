"""How a coder in training does against a gold sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cjm_widgets.measure.agreement.agreement import cohen_kappa
from cjm_widgets.measure.agreement.consensus import differences, same_passages
from cjm_widgets.model.coding import Coding

NOTHING = "none"
"""A main stage that nobody gave, as a label of its own for kappa."""

_PLACES = {
    "feedback": "int64",
    "start": "int64",
    "stop": "int64",
    "gold_stage": "str",
    "stage": "str",
    "gold_valence": "float64",
    "valence": "float64",
    "gold_codes": "str",
    "codes": "str",
    "same_stage": "bool",
    "same_valence": "bool",
    "same_codes": "bool",
    "missing": "str",
}
_TEXTS = {
    "feedback": "int64",
    "gold_stage": "str",
    "stage": "str",
    "same": "bool",
    "share": "float64",
    "kappa": "float64",
}


def main_stage(codings: Sequence[Coding]) -> str | None:
    """The stage of the longest passage that has one; of two as long, of the earlier."""
    staged = [one for one in codings if one.stage]
    best = min(staged, key=lambda one: (one.start - one.stop, one.start), default=None)
    return None if best is None else best.stage


def by_place(
    gold: Mapping[int, Sequence[Coding]], mine: Mapping[int, Sequence[Coding]]
) -> pd.DataFrame:
    """What gold and the coder say of the same words, place by place.

    Parameters
    ----------
    gold, mine
        Codings by text. Only texts of `mine` are compared, in its order.

    Returns
    -------
    pandas.DataFrame
        `feedback`, `start`, `stop` (code points), `gold_stage`, `stage`, `gold_valence`,
        `valence` (means), `gold_codes`, `codes` (joined by ``; ``), `same_stage`,
        `same_valence` (less than a step of the coder's scale apart), `same_codes`, and
        `missing`: ``coder`` or ``gold`` where one marked nothing; else empty.
    """
    rows = []
    for text, own in mine.items():
        both = [*_as("gold", gold.get(text, ())), *_as("coder", own)]
        for group in same_passages(both):
            sides = [[one for one in group if one.coder == who] for who in ("gold", "coder")]
            apart = differences(sides)
            ends = (min(one.start for one in group), max(one.stop for one in group))
            missing = "" if all(sides) else "coder" if sides[0] else "gold"
            said = [part for parts in zip(*map(_said, sides), strict=True) for part in parts]
            same = [on not in apart for on in ("stage", "valence", "codes")]
            rows.append((text, *ends, *said, *same, missing))
    return pd.DataFrame(rows, columns=list(_PLACES)).astype(_PLACES)


def by_text(
    gold: Mapping[int, Sequence[Coding]], mine: Mapping[int, Sequence[Coding]]
) -> pd.DataFrame:
    """Text by text whether the main stage is that of gold, with the figures so far.

    Returns
    -------
    pandas.DataFrame
        `feedback`, `gold_stage`, `stage` (of the main coding; missing where there is none),
        `same`, and up to this text `share` (0…1) and `kappa` (Cohen's; missing where nothing is
        left for chance to explain).
    """
    rows, pairs = [], []
    for text, own in mine.items():
        wanted, given = main_stage(gold.get(text, ())), main_stage(own)
        pairs.append((wanted or NOTHING, given or NOTHING))
        kappa = cohen_kappa(*zip(*pairs, strict=True)).value
        share = sum(one == other for one, other in pairs) / len(pairs)
        rows.append((text, wanted, given, wanted == given, share, kappa))
    return pd.DataFrame(rows, columns=list(_TEXTS)).astype(_TEXTS)


def by_label(places: pd.DataFrame) -> pd.DataFrame:
    """How often each stage and code of gold was found, and given where it is not.

    Parameters
    ----------
    places
        As `by_place` gives them.

    Returns
    -------
    pandas.DataFrame
        `kind` (``stage``, ``code``), `label` (key), `gold`, `coder`, `both` (places), and
        `found` (share of gold's that the coder gave too; missing where gold has none).
    """
    counts: dict[tuple[str, str], list[int]] = {}
    for kind, gold, own in (("stage", "gold_stage", "stage"), ("code", "gold_codes", "codes")):
        for wanted, given in zip(places[gold], places[own], strict=True):
            ours, theirs = _labels(wanted), _labels(given)
            for label in ours | theirs:
                tally = counts.setdefault((kind, label), [0, 0, 0])
                tally[0] += label in ours
                tally[1] += label in theirs
                tally[2] += label in ours and label in theirs
    rows = [
        (*name, *tally, tally[2] / tally[0] if tally[0] else float("nan"))
        for name, tally in sorted(counts.items(), key=lambda one: (one[0][0] != "stage", one[0]))
    ]
    columns = ["kind", "label", "gold", "coder", "both", "found"]
    kinds = {"kind": "str", "label": "str", "found": "float64"}
    return pd.DataFrame(rows, columns=columns).astype(
        kinds | dict.fromkeys(("gold", "coder", "both"), "int64")
    )


def _as(who: str, codings: Sequence[Coding]) -> list[Coding]:
    return [
        Coding(f"{who}/{at}", o.feedback, 1, o.start, o.stop, who, o.stage, o.valence, o.codes)
        for at, o in enumerate(codings)
    ]


def _said(side: Sequence[Coding]) -> tuple[str | None, float | None, str]:
    stages = dict.fromkeys(one.stage for one in side if one.stage)
    valences = [one.valence for one in side if one.valence is not None]
    codes = sorted({code for one in side for code in one.codes})
    mean = sum(valences) / len(valences) if valences else None
    return "; ".join(stages) or None, mean, "; ".join(codes)


def _labels(joined: object) -> set[str]:
    return set(joined.split("; ")) - {""} if isinstance(joined, str) else set()
