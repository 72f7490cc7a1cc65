"""Many codings changed at once: one action, one undo."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.store.desks.apply import No, said
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.changes import pieces
from cjm_widgets.store.history.journal import Done, Write
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.rows import CODINGS, Found, Image, alive

RECODE, REMOVE = "recode", "remove_many"
"""What the journal calls these actions."""

_FIELDS = {"codings", "set", "add_codes", "remove_codes", "remove"}
_SET = {"stage", "valence", "memo"}


@dataclass(frozen=True, slots=True)
class _Change:
    values: Mapping[str, Any]
    add: frozenset[int]
    remove: frozenset[int]

    def of(self, image: Image) -> Image:
        """A coding as it is to be."""
        codes = sorted({*image["codes"]} - self.remove | self.add)
        return {**image, **self.values, "codes": codes}


def recode(
    tx: Tx, actor: int, op: str, body: Mapping[str, Any], coder: int | None = None
) -> tuple[Done | None, int]:
    """Change or remove many codings.

    Parameters
    ----------
    body
        ``codings``: uids; ``set``: any of stage, valence, memo; ``add_codes``,
        ``remove_codes``: lists of keys; or ``remove``: true.
    coder
        Whose codings they must be; None for anybody's.

    Returns
    -------
    tuple
        What was done, None if nothing changes, and how many codings changed.
    """
    if unknown := set(body) - _FIELDS:
        raise ArgumentError(
            f"a bulk change knows no {', '.join(sorted(map(str, unknown)))}; allowed: "
            f"{', '.join(sorted(_FIELDS))}"
        )
    uids = _uids(body.get("codings"))
    change = _removed(body) if body.get("remove") else _changed(tx, body)
    count = itertools.count()
    writes = _writes(tx, uids, change, coder, count)
    first = next(writes, None)
    if first is None:
        return None, 0
    label = REMOVE if body.get("remove") else RECODE
    done = journal.record(tx, actor, op, label, itertools.chain([first], writes))
    return done, next(count)


def _writes(
    tx: Tx, uids: Iterable[str], change: _Change, coder: int | None, count: Iterator[int]
) -> Iterator[Write]:
    for some in pieces(uids):
        for uid, found in own(tx, some, coder).items():
            image = change.of(found.image)
            if image != found.image:
                next(count)
                yield Write(CODINGS, uid, found, image)


def own(tx: Tx, uids: Sequence[str], coder: int | None) -> dict[str, Found]:
    """Some live codings that a coder may change, on texts that are there.

    Raises
    ------
    No
        If one is not there (any more), or is another coder's; nothing may be changed then.
    """
    found = CODINGS.find_many(tx, uids)
    missing = [uid for uid, one in found.items() if not alive(one.image)]
    if missing:
        shown = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")
        say = f"{len(missing)} of the codings are not there any more ({shown})"
        raise No("conflict", f"{say}; nothing was changed: look at them again", tuple(missing))
    if coder is not None:
        others = tuple(uid for uid, one in found.items() if one.image["coder"] != coder)
        if others:
            raise No("invalid", f"{len(others)} of the codings are another coder's", ())
    if tx.hidden():
        _shown(tx, found)
    return found


def _shown(tx: Tx, found: Mapping[str, Found]) -> None:
    texts = sorted({one.image["feedback"] for one in found.values()})
    table = schema.feedback
    hidden = table.c.batch.in_(sorted(tx.hidden()))
    away = {row[0] for row in tx.fetch(sa.select(table.c.id).where(table.c.id.in_(texts), hidden))}
    if away:
        raise No("invalid", "texts of these codings are not in the study any more; reload them")


def _uids(given: object) -> list[str]:
    if isinstance(given, str) or not isinstance(given, Sequence) or not given:
        raise ArgumentError(f"'codings' is a list of at least one uid, not {given!r}")
    for uid in given:
        if not isinstance(uid, str) or names.unfit(uid):
            raise ArgumentError(f"a coding goes by its uid, a text, not {uid!r}")
    return list(dict.fromkeys(given))


def _removed(body: Mapping[str, Any]) -> _Change:
    if body["remove"] is not True or {"set", "add_codes", "remove_codes"} & {
        name for name, value in body.items() if value
    }:
        raise ArgumentError("codings are either removed ('remove': true) or changed, not both")
    return _Change({"gone": 1}, frozenset(), frozenset())


def _changed(tx: Tx, body: Mapping[str, Any]) -> _Change:
    values = body.get("set") or {}
    if not isinstance(values, Mapping) or set(values) - _SET:
        raise ArgumentError(
            f"'set' is a mapping of any of {', '.join(sorted(_SET))}, not {values!r}"
        )
    image: Image = {"stage": None, "valence": None, "memo": "", "codes": []}
    said(tx, values, image)
    add = frozenset(_number(tx, key) for key in _keys(body, "add_codes"))
    remove = frozenset(_number(tx, key, off=True) for key in _keys(body, "remove_codes"))
    if not (values or add or remove):
        raise ArgumentError(
            "nothing to change: give 'set', 'add_codes', 'remove_codes' or 'remove'"
        )
    if both := add & remove:
        raise ArgumentError(f"{len(both)} of the codes would be both added and removed")
    return _Change({name: image[name] for name in values}, add, remove)


def _keys(body: Mapping[str, Any], what: str) -> list[Any]:
    given = body.get(what) or []
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ArgumentError(f"{what!r} is a list of keys, not {given!r}")
    return list(given)


def _number(tx: Tx, key: object, *, off: bool = False) -> int:
    """A code's number; one that was merged gives way, one that was retired may be taken off."""
    try:
        return names.live(tx, "code", key)
    except UnknownName:
        found = names.former_code(tx, key)
        if found is None or (found[1] is None and not off):
            raise
    return found[0]
