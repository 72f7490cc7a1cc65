"""Names of people, stages and codes, and the internal numbers behind them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement

ActorKind = Literal["human", "import", "consensus", "training"]

_ACTOR = Statement(
    sa.select(schema.actor.c.id).where(schema.actor.c.name == sa.bindparam("the_name"))
)
_ADD_ACTOR = Statement(
    sa.insert(schema.actor)
    .values({name: sa.bindparam(name) for name in ("uid", "name", "kind")})
    .returning(schema.actor.c.id)
)
_LIVE = {
    table.name: Statement(
        sa.select(table.c.id, table.c.gone).where(table.c.uid == sa.bindparam("the_key"))
    )
    for table in (schema.stage, schema.code)
}
_KEYS = {
    table.name: Statement(sa.select(table.c.id, table.c.uid))
    for table in (schema.stage, schema.code, schema.actor)
}
_FORMER = Statement(
    sa.select(schema.code.c.id, schema.code.c.rev).where(
        schema.code.c.uid == sa.bindparam("the_key")
    )
)
_MERGED = Statement(
    sa.select(schema.code.c.id, schema.code.c.uid, schema.code.c.gone, schema.code.c.merged_into)
)
_KNOWN = {
    table.name: Statement(sa.select(table.c.uid).where(table.c.gone == 0).order_by(table.c.place))
    for table in (schema.stage, schema.code)
}


def clean(what: str, text: object, *, longest: int = 200, empty: bool = False) -> str:
    """A text that both engines can hold.

    Raises
    ------
    ArgumentError
        If it is no text, blank, too long, or holds NUL or half a surrogate pair.
    """
    if not isinstance(text, str) or not (text.strip() or empty):
        raise ArgumentError(f"{what} is a text that is not empty, not {text!r}")
    if len(text) > longest:
        raise ArgumentError(f"{what} has at most {longest} characters, not {len(text)}")
    if unfit(text):
        raise ArgumentError(f"{what} holds a NUL or half a surrogate pair, which nothing can store")
    return text


def unfit(text: str) -> bool:
    """Whether a text holds what the engines cannot: NUL or lone surrogates."""
    if "\0" in text:
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def actor(tx: Tx, name: str, kind: ActorKind = "human") -> int:
    """The number of an actor, made if there is none of that name yet."""
    found = tx.one(_ACTOR, the_name=name)
    if found is None:
        clean("a coder's name", name)
        found = tx.one(_ADD_ACTOR, uid=uuid.uuid4().hex, name=name, kind=kind)
    return int(found[0])


def find_actor(tx: Tx, name: str) -> int | None:
    """The number of an actor; None if there is none."""
    found = tx.one(_ACTOR, the_name=name)
    return None if found is None else int(found[0])


def live(tx: Tx, what: Literal["stage", "code"], key: object) -> int:
    """The number of a stage or code that may be used in a new coding.

    Raises
    ------
    UnknownName
        If there is none, or it was retired.
    """
    found = tx.one(_LIVE[what], the_key=key) if isinstance(key, str) and not unfit(key) else None
    if found is None or found[1]:
        raise UnknownName(what, key, known(tx, what))
    return int(found[0])


def known(tx: Tx, what: Literal["stage", "code"]) -> list[str]:
    """Keys of the live stages or codes, in order."""
    return [key for (key,) in tx.all(_KNOWN[what])]


def former_code(tx: Tx, key: object) -> tuple[int, str | None] | None:
    """What stands for a code that is offered no more.

    Returns
    -------
    tuple or None
        The number and key of the code it was merged into, at the end of the line; its own
        number and None if it was retired; None if there is no such code (any more).
    """
    if not isinstance(key, str) or unfit(key):
        return None
    found = tx.one(_FORMER, the_key=key)
    if found is None or found[1] == 0:
        return None
    into = heirs(tx).get(key)
    return (found[0], None) if into is None else (tx.one(_FORMER, the_key=into)[0], into)


def standing_code(tx: Tx, key: str) -> str:
    """The key of the code that stands for one now: its own unless it was merged."""
    found = former_code(tx, key)
    return key if found is None or found[1] is None else found[1]


def heirs(tx: Tx, planned: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, str]:
    """Codes that were merged away, each with the one that stands for it now, by key.

    Parameters
    ----------
    planned
        Images by key that some codes are about to get.
    """
    into: dict[str, str | None] = {}
    for _, key, gone, merged in tx.all(_MERGED):
        image = (planned or {}).get(key, {"gone": gone, "merged_into": merged})
        into[key] = image.get("merged_into") if image.get("gone") else None
    found = {}
    for key in into:
        seen, last = {key}, key
        while (after := into.get(last)) is not None and after in into and after not in seen:
            seen.add(after)
            last = after
        if last != key:
            found[key] = last
    return found


def survivors(tx: Tx, heirs: Mapping[str, str]) -> dict[int, int]:
    """What `heirs` gives, by number."""
    if not heirs:
        return {}
    numbers = {key: number for number, key, _, _ in tx.all(_MERGED)}
    return {numbers[key]: numbers[to] for key, to in heirs.items()}


class Keys:
    """Keys by number. Rows are never deleted and keys never change, so this never ages."""

    def __init__(self) -> None:
        self._of: dict[str, dict[int, str]] = {"stage": {}, "code": {}, "actor": {}}

    def stage(self, tx: Tx, id: int | None) -> str | None:
        """Key of a stage."""
        return None if id is None else self._get(tx, "stage", id)

    def codes(self, tx: Tx, ids: Iterable[int]) -> tuple[str, ...]:
        """Keys of codes, sorted."""
        return tuple(sorted(self._get(tx, "code", one) for one in ids))

    def _get(self, tx: Tx, what: str, id: int) -> str:
        known = self._of[what]
        if id not in known:
            known.update(dict(tx.all(_KEYS[what])))
        return known[id]
