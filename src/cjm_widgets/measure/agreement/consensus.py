"""Which passages of several coders are the same one, in what they differ, and what holds then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from cjm_widgets.model.coding import Coding
from cjm_widgets.model.review import STEP, On


def same_passages(codings: Sequence[Coding]) -> list[list[Coding]]:
    """Codings of one text in groups that are about the same words.

    Two passages of different coders are the same when at least half of the shorter one lies in
    the other; a group is what hangs together so. One coder may have several codings in a group:
    who marks a whole answer and who cuts it up speak of the same words.

    Parameters
    ----------
    codings
        Of one version of one text, of several coders.

    Returns
    -------
    list
        Groups by start, each by start, stop and uid.

    Examples
    --------
    >>> def coding(uid, coder, start, stop):
    ...     return Coding(uid, 1, 1, start, stop, coder)
    >>> found = same_passages([coding("a", "ana", 0, 20), coding("b", "ben", 2, 20),
    ...                        coding("c", "ben", 30, 40)])
    >>> [[one.uid for one in group] for group in found]
    [['a', 'b'], ['c']]
    """
    rows = sorted(codings, key=lambda one: (one.start, one.stop, one.uid))
    group = list(range(len(rows)))

    def root(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    reach: list[int] = []
    for at, row in enumerate(rows):
        reach = [other for other in reach if rows[other].stop > row.start]
        for other in reach:
            if rows[other].coder != row.coder and _same(rows[other], row):
                first, last = sorted((root(other), root(at)))
                group[last] = first
        reach.append(at)
    made: dict[int, list[Coding]] = {}
    for at, row in enumerate(rows):
        made.setdefault(root(at), []).append(row)
    return list(made.values())


def _same(one: Coding, other: Coding) -> bool:
    common = min(one.stop, other.stop) - max(one.start, other.start)
    shorter = min(one.stop - one.start, other.stop - other.start)
    return common > 0 and 2 * common >= shorter


def differences(sides: Iterable[Sequence[Coding]]) -> tuple[On, ...]:
    """In what coders differ at one place.

    Parameters
    ----------
    sides
        What each coder of the text says there; nothing where one marked nothing, which is a
        difference in all.

    Returns
    -------
    tuple
        Any of ``stage`` (other stages), ``valence`` (means a step of the coder's scale apart, or
        only some gave one), ``codes`` (other codes).
    """
    given = [list(side) for side in sides]
    if len(given) < 2:
        return ()
    if not all(given):
        return ("stage", "valence", "codes")
    found: list[On] = []
    if len({frozenset(one.stage for one in side if one.stage) for side in given}) > 1:
        found.append("stage")
    if _apart([[one.valence for one in side if one.valence is not None] for side in given]):
        found.append("valence")
    if len({frozenset(code for one in side for code in one.codes) for side in given}) > 1:
        found.append("codes")
    return tuple(found)


def _apart(valences: list[list[float]]) -> bool:
    some = [side for side in valences if side]
    if len(some) < len(valences):
        return bool(some)
    means = [sum(side) / len(side) for side in some]
    return max(means) - min(means) >= STEP - 1e-9


def as_settled(codings: pd.DataFrame, settled: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Codings with the consensus in the place of what it settled.

    What the consensus says there is what each coder of that text says from now on, so that a
    settled passage weighs as much in a text's mean as one on which coders agreed at once.

    Parameters
    ----------
    codings
        Columns `uid`, `coder` and `feedback` at least; those of the consensus among them.
    settled
        Each with `from` (uids of the codings it settled), `codings` (uids of those of the
        consensus) and `coders` (who had coded the text); those left undecided without codings.

    Returns
    -------
    pandas.DataFrame
        The columns of `codings`. Copies of a coding have uids of their own.
    """
    gone: set[str] = set()
    said: dict[str, list[str]] = {}
    for one in settled:
        gone.update(one["from"] if one["codings"] else ())
        said.update({uid: list(one["coders"]) for uid in one["codings"]})
    if not said:
        return codings
    agreed = codings["uid"].isin(list(said))
    kept = codings[~agreed & ~codings["uid"].isin(list(gone))]
    copies = codings[agreed].copy()
    copies["coder"] = copies["uid"].map(said)
    copies = copies.explode("coder").dropna(subset="coder").astype({"coder": "str"})
    nth = copies.groupby("uid").cumcount()
    copies["uid"] = copies["uid"].where(nth == 0, copies["uid"] + "/" + nth.astype("str"))
    made = pd.concat([kept, copies.astype(codings.dtypes.to_dict())])
    place = [name for name in ("feedback", "start", "stop") if name in made]
    return made.sort_values(place, kind="stable", ignore_index=True)
