"""Attributes of texts, and the filters made of them.

All attributes stand as JSON in `feedback.attrs`. Those with few values are filters besides:
text and whole numbers of at most 100 characters, as long as the study knows at most 1,000
different values of that attribute; beyond that it is no filter any more, and says so by
`facet.wide`. Channel, touchpoint and language are filters by the same rule.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cjm_widgets.store.engine import arrays, schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement

FIXED = ("channel", "touchpoint", "language")
LONGEST = 100
MOST = 1_000

_L, _A = schema.label, schema.attribute

_FACETS = Statement(sa.select(schema.facet.c.key, schema.facet.c.kind, schema.facet.c.wide))
_SET_FACET = Statement(
    lambda insert: (
        insert(schema.facet)
        .values({name: sa.bindparam(name) for name in ("key", "kind", "wide")})
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"kind": sa.bindparam("kind"), "wide": sa.bindparam("wide")},
        )
    )
)
_LABELS = Statement(sa.select(_L.c.value, _L.c.id).where(_L.c.key == sa.bindparam("the_key")))
_ADD_LABEL = Statement(
    sa.insert(_L)
    .values(key=sa.bindparam("key"), value=sa.bindparam("value"), n=0)
    .returning(_L.c.id)
)
_COUNT = Statement(
    sa.update(_L).values(n=_L.c.n + sa.bindparam("more")).where(_L.c.id == sa.bindparam("the_id"))
)
_FORGET = Statement(
    sa.delete(_A).where(
        _A.c.label.in_(sa.select(_L.c.id).where(_L.c.key == sa.bindparam("the_key")))
    )
)
_FORGET_LABELS = Statement(sa.delete(_L).where(_L.c.key == sa.bindparam("the_key")))
_TAKE = Statement(
    sa.delete(_A).where(
        _A.c.label == sa.bindparam("label"), _A.c.feedback == sa.bindparam("feedback")
    )
)
_UNPACK = "INSERT INTO attribute (label, feedback) SELECT ?, value FROM json_each(?)"


def shown(value: Any) -> str | None:
    """An attribute's value as a filter shows it; None if it cannot be one.

    >>> shown(9.0), shown("Paris"), shown(0.25), shown("x" * 101)
    ('9', 'Paris', None, None)
    """
    if isinstance(value, float):
        if not value.is_integer():
            return None
        value = int(value)
    text = str(value)
    return text if 0 < len(text) <= LONGEST else None


class Facets:
    """The filters during one import: values looked up once, written in bulk."""

    def __init__(self, tx: Tx) -> None:
        self.kinds: dict[str, str] = {}
        self.wide: set[str] = set()
        for key, kind, wide in tx.all(_FACETS):
            self.kinds[key] = kind
            if wide:
                self.wide.add(key)
        self._ids: dict[str, dict[str, int]] = {}

    def declare(self, tx: Tx, key: str, kind: str) -> None:
        """Note that there is such an attribute; a mixture of kinds is text."""
        known = self.kinds.get(key)
        if known is not None and known != kind:
            kind = "number" if {known, kind} == {"integer", "number"} else "text"
        if known != kind:
            self.kinds[key] = kind
            tx.run(_SET_FACET, key=key, kind=kind, wide=int(key in self.wide))

    def index(self, tx: Tx, key: str, values: Iterable[str | None], ids: Iterable[int]) -> None:
        """Let texts be found by their values of one attribute."""
        if key in self.wide:
            return
        bearers = _bearers(list(values), list(ids))
        if not bearers:
            return
        known = self._ids.get(key) or self._known(tx, key)
        new = [value for value in bearers if value not in known]
        if len(known) + len(new) > MOST:
            self._widen(tx, key)
            return
        for value in new:
            known[value] = int(tx.one(_ADD_LABEL, key=key, value=value)[0])
        if tx.backend == "sqlite":
            # A list unpacked by SQLite takes half the time of a row each from Python.
            for value, numbers in bearers.items():
                tx.raw.execute(_UNPACK, (known[value], str(numbers)))
        else:
            labels = [known[value] for value, numbers in bearers.items() for _ in numbers]
            texts = [number for numbers in bearers.values() for number in numbers]
            tx.bulk(_A, {"label": labels, "feedback": texts})
        tx.many(_COUNT, [(len(numbers), known[value]) for value, numbers in bearers.items()])

    def _known(self, tx: Tx, key: str) -> dict[str, int]:
        self._ids[key] = dict(tx.all(_LABELS, the_key=key))
        return self._ids[key]

    def _widen(self, tx: Tx, key: str) -> None:
        self.wide.add(key)
        tx.run(_FORGET, the_key=key)
        tx.run(_FORGET_LABELS, the_key=key)
        tx.run(_SET_FACET, key=key, kind=self.kinds.get(key, "text"), wide=1)


def _bearers(values: list[str | None], ids: list[int]) -> dict[str, list[int]]:
    """Value to the texts that bear it; those without a value are left out."""
    codes, found = pd.factorize(np.array(values, dtype=object))
    order = np.argsort(codes, kind="stable")
    numbers = np.array(ids, dtype=np.int64)[order]
    ends = np.searchsorted(codes[order], np.arange(len(found) + 1))
    return {
        value: numbers[ends[place] : ends[place + 1]].tolist() for place, value in enumerate(found)
    }


def relabel(tx: Tx, feedback: int, was: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Keep the filters in step with one text whose attributes change."""
    old, new = _values(was), _values(now)
    changed = [key for key in old.keys() | new.keys() if old.get(key) != new.get(key)]
    if not changed:
        return
    facets = Facets(tx)
    for key in sorted(changed):
        if key in facets.wide:
            continue
        if key in old:
            label = facets._known(tx, key).get(old[key])
            if label is not None:
                tx.run(_TAKE, label=label, feedback=feedback)
                tx.run(_COUNT, more=-1, the_id=label)
        if key in new:
            facets.index(tx, key, [new[key]], [feedback])


def _values(image: Mapping[str, Any]) -> dict[str, str]:
    pairs: dict[str, Any] = {key: image.get(key) for key in FIXED}
    if image.get("attrs"):
        pairs.update(json.loads(image["attrs"]))
    return {
        key: text
        for key, value in pairs.items()
        if value is not None and (text := shown(value)) is not None
    }


def label_of(tx: Tx, key: str, value: str) -> int | None:
    """The number of a filter's value; None if no text has it."""
    return dict(tx.all(_LABELS, the_key=key)).get(value)


def known(tx: Tx) -> list[tuple[str, str, bool]]:
    """All attributes: name, kind (text, integer, number) and whether too wide to filter by."""
    return [(key, kind, bool(wide)) for key, kind, wide in tx.all(_FACETS)]


def bearers(tx: Tx, key: str) -> dict[str, arrays.Integers] | None:
    """Value of a filter to the numbers of the texts that bear it; None for what is no filter.

    Texts of imports that are hidden are among them.
    """
    if any(name == key and (wide or kind == "number") for name, kind, wide in known(tx)):
        return None
    found = {
        value: arrays.lists(tx, sa.select(_A.c.feedback).where(_A.c.label == number))[0]
        for value, number in tx.all(_LABELS, the_key=key)
    }
    return {value: np.sort(arrays.integers(ids)) for value, ids in found.items()}


def whole_numbers(tx: Tx, key: str) -> pd.Series[float] | None:
    """A column of whole numbers by number of the text, in a fraction of the time that reading
    every text's attributes takes; None where the filter does not tell."""
    found = None if tx.hidden() else bearers(tx, key)
    if found is None:
        return None
    ids = np.concatenate([np.zeros(0, dtype=np.int64), *found.values()])
    values = np.repeat(np.array(list(found), dtype=np.float64), list(map(len, found.values())))
    order = np.argsort(ids)
    index = pd.Index(ids[order], name="feedback")
    return pd.Series(values[order], index=index, name=key)
