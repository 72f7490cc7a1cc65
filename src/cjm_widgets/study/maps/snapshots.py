"""Frozen maps as documents of a study, and what differs between two of them."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from cjm_widgets.journeymap import JourneyMap, plain

if TYPE_CHECKING:
    from cjm_widgets.journeymap import Privacy
    from cjm_widgets.journeymap.facts import StageColumn

KIND = "snapshot"
_LISTED = {
    "snapshot": "str",
    "at": "datetime64[us]",
    "author": "str",
    "title": "str",
    "kind": "str",
    "estimate": "str",
    "scorer": "str",
    "version": "str",
    "stages": "int64",
    "texts": "Int64",
    "passages": "Int64",
}
_COMPARED = {
    "stage": "str",
    "name": "str",
    "before": "float64",
    "after": "float64",
    "n_before": "int64",
    "n_after": "int64",
    "difference": "float64",
    "low": "float64",
    "high": "float64",
    "says": "str",
}


def body(facts: JourneyMap, author: str, privacy: Privacy) -> dict[str, Any]:
    """A frozen map as it is stored."""
    return {
        "at": datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
        "author": author,
        "version": _version(),
        "estimate": facts.estimate,
        "scorer": facts.scorer,
        "respondents": privacy.respondents,
        "facts": plain.dumped(facts),
    }


def _version() -> str:
    """This package's version, which the root package knows; nothing imports that from inside."""
    return str(getattr(sys.modules[__name__.partition(".")[0]], "__version__", ""))


def listed(kept: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Frozen maps as a frame: see `Keeping.snapshots`."""
    rows = []
    for name, one in kept.items():
        told = one["facts"]["map"]
        totals = told.get("totals", {})
        rows.append(
            (
                name,
                pd.Timestamp(one["at"]),
                one["author"],
                told["title"],
                told.get("kind", "current"),
                one["estimate"],
                one["scorer"] or None,
                one["version"],
                len(told["stages"]),
                totals.get("texts"),
                totals.get("passages"),
            )
        )
    return pd.DataFrame(rows, columns=list(_LISTED)).astype(_LISTED)


def compared(before: JourneyMap, after: JourneyMap) -> pd.DataFrame:
    """Differences between two maps: see `Keeping.compare_snapshots`."""
    same = (before.estimate, before.scorer) == (after.estimate, after.scorer)
    old = {column.key: column for column in before.stages}
    new = {column.key: column for column in after.stages}
    rows = []
    for key in dict.fromkeys([*new, *old]):
        a, b = old.get(key), new.get(key)
        known = b or a
        difference, low, high, says = _difference(a, b, same)
        rows.append(
            (
                key,
                "" if known is None else known.name,
                math.nan if a is None or a.mean is None else a.mean,
                math.nan if b is None or b.mean is None else b.mean,
                0 if a is None else a.n,
                0 if b is None else b.n,
                difference,
                low,
                high,
                says,
            )
        )
    return pd.DataFrame(rows, columns=list(_COMPARED)).astype(_COMPARED)


def _difference(
    a: StageColumn | None, b: StageColumn | None, same: bool
) -> tuple[float, float, float, str]:
    """Difference, its interval (Zou and Donner 2008), and what to make of it."""
    nothing = math.nan, math.nan, math.nan
    if a is None or b is None:
        return *nothing, "new" if a is None else "gone"
    if not same:
        return *nothing, "other method"
    if a.mean is None or b.mean is None:
        return *nothing, "no evidence"
    gap = b.mean - a.mean
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return gap, math.nan, math.nan, "unclear"
    low = gap - math.hypot(b.mean - b.low, a.high - a.mean)
    high = gap + math.hypot(b.high - b.mean, a.mean - a.low)
    return gap, low, high, "unclear" if low <= 0 <= high else "clear"
