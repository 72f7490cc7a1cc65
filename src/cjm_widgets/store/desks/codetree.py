"""The codebook as a tree that people edit: each edit is worked out here, rows untouched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, Conflict, UnknownName
from cjm_widgets.model.codebook import COLOURS, Code, key_of
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history.changes import pieces
from cjm_widgets.store.history.journal import Write
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.rows import CODES, Found, Image, alive

_KEYS = Statement(sa.select(schema.code.c.uid).order_by(schema.code.c.place, schema.code.c.id))

GAP = 1024
"""Between the places of two siblings, so that a code can come between them."""
DEFINITION = 20_000
"""Code points a definition may have."""
_FACTS = ("name", "kind", "definition", "colour")

FIELDS: Mapping[str, tuple[str, ...]] = {
    "add": (*_FACTS, "key", "parent", "before"),
    "change": ("code", *_FACTS),
    "move": ("code", "parent", "before"),
    "merge": ("code", "into"),
    "split": ("code", "into", "codings"),
    "retire": ("code",),
    "revive": ("code",),
}
"""What each edit may be told."""


@dataclass(slots=True)
class Edit:
    """What an edit does to codings and memos, besides what it does to codes."""

    moved: dict[str, str] = field(default_factory=dict)
    """Code to the code that takes its codings and memos over."""
    split: str | None = None
    """The code that is split."""
    parts: tuple[str, ...] = ()
    """Keys of the codes that an edit made."""


class Tree:
    """All codes as they stand, with what an edit makes of them."""

    def __init__(self, tx: Tx) -> None:
        keys = [key for (key,) in tx.all(_KEYS)]
        self._found: dict[str, Found] = {}
        for some in pieces(keys):
            self._found.update(CODES.find_many(tx, some))
        self._images: dict[str, Image] = {
            key: {name: value for name, value in found.image.items() if name != "rev"}
            for key, found in self._found.items()
        }
        self._tx = tx

    def writes(self) -> list[Write]:
        """The codes that look or stand otherwise now."""
        return [made for key in self._images if (made := self.write(key)) is not None]

    def write(self, key: str) -> Write | None:
        """A code as the edit leaves it; None if that is how it was."""
        found, image = self._found.get(key) or CODES.find(self._tx, key), self._images[key]
        if {name: value for name, value in found.image.items() if name != "rev"} == image:
            return None
        return Write(CODES, key, found, image)

    def live(self) -> list[str]:
        """Keys of the codes that are offered."""
        return [key for key, image in self._images.items() if alive(image)]

    def image(self, key: str) -> Image:
        """A code as the edit leaves it."""
        return self._images[key]

    def put(self, key: str, **values: Any) -> None:
        """Change a code, or make one."""
        self._images[key] = {**self._images.get(key, {}), **values}

    def code(self, given: object) -> str:
        """Key of a live code, by key or name.

        Raises
        ------
        Conflict
            If it was retired or merged.
        UnknownName
            If there is none.
        """
        key = self._key(given, self.live())
        if key is not None:
            return key
        former = self.former(given)
        if former is None:
            raise UnknownName("code", given, self.live())
        into = self.image(former)["merged_into"]
        what = "retired" if into is None else f"merged into {into!r}"
        raise Conflict(f"the code {given!r} was {what}; look at the codebook as it is now")

    def former(self, given: object) -> str | None:
        """Key of a code that is offered no more, by key or name; None if there is none."""
        gone = [key for key, image in self._images.items() if not alive(image) and "name" in image]
        return self._key(given, gone)

    def _key(self, given: object, among: Sequence[str]) -> str | None:
        if given in among:
            return str(given)
        if not isinstance(given, str):
            return None
        folded = given.strip().casefold()
        named = [key for key in among if folded == self.image(key)["name"].casefold()]
        if len(named) > 1:
            raise ArgumentError(
                f"several codes are called {given!r}; say which by its key: {', '.join(named)}"
            )
        return named[0] if named else None

    def parent(self, key: str) -> str | None:
        """What a code stands under; one whose parent is offered no more stands alone."""
        over = self.image(key)["parent"]
        return over if over in self._images and alive(self._images[over]) else None

    def below(self, parent: str | None) -> list[str]:
        """The live codes directly under one, or at the top, in order."""
        found = [key for key in self.live() if self.parent(key) == parent]
        return sorted(found, key=lambda key: int(self.image(key)["place"]))

    def under(self, key: str, over: str) -> bool:
        """Whether a code stands anywhere under another."""
        seen = set()
        at = self.parent(key)
        while at is not None and at not in seen:
            if at == over:
                return True
            seen.add(at)
            at = self.parent(at)
        return False

    def stand(self, key: str, parent: str | None, before: str | None = None) -> None:
        """Put a code under another, before one of those there or at the end."""
        row = [other for other in self.below(parent) if other != key]
        if before is not None and before not in row:
            raise ArgumentError(
                f"the code {before!r} does not stand under {parent!r}; 'before' is one of: "
                f"{', '.join(row) or 'none'}"
            )
        at = len(row) if before is None else row.index(before)
        places = [int(self.image(other)["place"]) for other in row]
        low = places[at - 1] if at else None
        high = places[at] if at < len(row) else None
        if low is None or high is None:
            place = (high - GAP) if high is not None else (low or 0) + GAP
        elif high - low > 1:
            place = (low + high) // 2
        else:
            for n, other in enumerate(row):
                self.put(other, place=(n + 1 + (n >= at)) * GAP)
            place = (at + 1) * GAP
        self.put(key, parent=parent, place=place)

    def new_key(self, name: str) -> str:
        """A key for a new code, made from its name."""
        stem = key = key_of(name)[:150]
        n = 1
        while "name" in self._images.get(key, {}):
            n += 1
            key = f"{stem}-{n}"
        return key

    def known(self, key: str) -> bool:
        """Whether there is, or was, a code of that key."""
        return "name" in self._images.get(key, {})

    def free(self, name: str, parent: str | None, but: str | None = None) -> None:
        """Refuse a name that another code under the same parent has."""
        for key in self.below(parent):
            if key != but and self.image(key)["name"].casefold() == name.casefold():
                raise ArgumentError(
                    f"there is a code called {name!r} there already (key {key!r}); choose another "
                    f"name, or merge the two"
                )


def _described(tree: Tree, given: Mapping[str, Any], at: Mapping[str, Any]) -> dict[str, Any]:
    """Checked facts of a code: those given, else those it has."""
    made = {name: at[name] if given.get(name) is None else given[name] for name in _FACTS}
    what = f"of the code {made['name']!r}"
    made["name"] = names.clean("a code's name", made["name"]).strip()
    definition = names.clean(
        f"the definition {what}", made["definition"], empty=True, longest=DEFINITION
    )
    if not isinstance(made["colour"], str):
        raise ArgumentError(f"the colour {what} is written #rrggbb, not {made['colour']!r}")
    Code(
        key=made["name"], **{**made, "definition": definition}
    )  # refuses kinds and colours nobody knows
    return made


def _add(tree: Tree, body: Mapping[str, Any]) -> Edit:
    parent = None if body.get("parent") is None else tree.code(body["parent"])
    before = None if body.get("before") is None else tree.code(body["before"])
    kind = "theme" if parent is None else tree.image(parent)["kind"]
    colour = COLOURS[len(tree.live()) % len(COLOURS)]
    plain = {"name": "", "kind": kind, "definition": "", "colour": colour}
    facts = _described(tree, body, plain)
    key = body.get("key")
    if key is None:
        key = tree.new_key(facts["name"])
    elif tree.known(names.clean("a code's key", key, longest=200)):
        if key in tree.live() and tree.image(key)["name"] == facts["name"]:
            return Edit(parts=(key,))  # two coders took the same words for a code
        raise ArgumentError(f"there is, or was, a code with the key {key!r}; choose another key")
    tree.free(facts["name"], parent)
    tree.put(key, **facts, parent=None, place=0, merged_into=None, gone=0)
    tree.stand(key, parent, before)
    return Edit(parts=(key,))


def _change(tree: Tree, body: Mapping[str, Any]) -> Edit:
    key = tree.code(body.get("code"))
    facts = _described(tree, body, tree.image(key))
    if body.get("name") is not None:
        tree.free(facts["name"], tree.parent(key), but=key)
    tree.put(key, **facts)
    return Edit()


def _move(tree: Tree, body: Mapping[str, Any]) -> Edit:
    key = tree.code(body.get("code"))
    parent = None if body.get("parent") is None else tree.code(body["parent"])
    before = None if body.get("before") is None else tree.code(body["before"])
    if parent == key or (parent is not None and tree.under(parent, key)):
        raise ArgumentError(
            f"the code {key!r} cannot stand under itself: {parent!r} stands under it; move "
            f"{parent!r} away first"
        )
    if before == key:
        raise ArgumentError(f"the code {key!r} cannot stand before itself")
    tree.free(tree.image(key)["name"], parent, but=key)
    tree.stand(key, parent, before)
    return Edit()


def _merge(tree: Tree, body: Mapping[str, Any]) -> Edit:
    into = tree.code(body.get("into"))
    given = body.get("code")
    listed = [given] if isinstance(given, str) or not isinstance(given, Sequence) else given
    merged = list(dict.fromkeys(tree.code(one) for one in listed))
    if not merged or into in merged:
        raise ArgumentError(
            f"codes are merged into another one: name at least one besides {into!r}"
        )
    for key in merged:
        if tree.under(into, key):
            # What survives takes the place of what goes, or it would stand under nothing.
            tree.put(into, parent=tree.parent(key), place=tree.image(key)["place"])
        for child in tree.below(key):
            tree.stand(child, into)
        tree.put(key, gone=1, merged_into=into)
    return Edit(moved=dict.fromkeys(merged, into))


def _split(tree: Tree, body: Mapping[str, Any]) -> Edit:
    key = tree.code(body.get("code"))
    given = body.get("into")
    if isinstance(given, str | Mapping) or not isinstance(given, Sequence) or not given:
        raise ArgumentError(f"'into' is a list of new codes, not {given!r}")
    image, parent = tree.image(key), tree.parent(key)
    row = tree.below(parent)
    after = row[row.index(key) + 1 :]
    parts: list[str] = []
    for entry in given:
        told = {"name": entry} if isinstance(entry, str) else entry
        if not isinstance(told, Mapping) or set(told) - {*_FACTS, "key"}:
            raise ArgumentError(
                f"a part of a code is a name, or a mapping with 'name' and any of key, kind, "
                f"definition, colour; not {entry!r}"
            )
        kind = {"kind": told.get("kind") or image["kind"], "parent": parent}
        place = {"before": after[0] if after else None}
        parts.extend(_add(tree, {**told, **kind, **place}).parts)
    return Edit(split=key, parts=tuple(parts))


def _retire(tree: Tree, body: Mapping[str, Any]) -> Edit:
    key = tree.code(body.get("code"))
    parent = tree.parent(key)
    for child in tree.below(key):
        tree.stand(child, parent, before=key)
    tree.put(key, gone=1)
    return Edit()


def _revive(tree: Tree, body: Mapping[str, Any]) -> Edit:
    given = body.get("code")
    if given in tree.live():
        return Edit()
    key = tree.former(given)
    if key is None:
        tree.code(given)  # says what is known
        return Edit()
    parent = tree.parent(key)
    tree.free(tree.image(key)["name"], parent)
    tree.put(key, merged_into=None)
    tree.stand(key, parent)
    tree.put(key, gone=0)
    return Edit(parts=(key,))


EDITS: Mapping[str, Callable[[Tree, Mapping[str, Any]], Edit]] = {
    "add": _add,
    "change": _change,
    "move": _move,
    "merge": _merge,
    "split": _split,
    "retire": _retire,
    "revive": _revive,
}
