"""The study's journey and codebook: read as values, written as journalled differences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa

from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.journey import Journey, Stage
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.journal import Write
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.rows import CODES, JOURNEYS, STAGES, Image, alive

_S, _C, _J = schema.stage, schema.code, schema.journey
_LISTS = ("touchpoints", "difficulties", "remedies", "vocabulary")

_STAGES = Statement(
    sa.select(_S.c.uid, _S.c.parent, _S.c.facts).where(_S.c.gone == 0).order_by(_S.c.place, _S.c.id)
)
_JOURNEY = Statement(sa.select(_J.c.key, _J.c.names, _J.c.kind).where(_J.c.gone == 0))
_CODES = Statement(
    sa.select(_C.c.uid, _C.c.name, _C.c.kind, _C.c.parent, _C.c.definition, _C.c.colour)
    .where(_C.c.gone == 0)
    .order_by(_C.c.place, _C.c.id)
)
_PLACES = Statement(sa.select(_C.c.uid, _C.c.place).where(_C.c.gone == 0))
_USED = {
    "stage": Statement(
        sa.select(_S.c.uid, sa.func.count())
        .join(schema.coding, schema.coding.c.stage == _S.c.id)
        .where(schema.coding.c.gone == 0)
        .group_by(_S.c.uid)
    ),
    "code": Statement(
        sa.select(_C.c.uid, sa.func.count())
        .join(schema.coding_code, schema.coding_code.c.code == _C.c.id)
        .join(schema.coding, schema.coding.c.id == schema.coding_code.c.coding)
        .where(schema.coding.c.gone == 0)
        .group_by(_C.c.uid)
    ),
}


@dataclass(frozen=True, slots=True)
class Edited:
    """What setting a journey, a codebook or KPIs changed."""

    seq: int = 0
    """Number of the action in the journal; 0 if there was nothing to change."""
    added: tuple[str, ...] = ()
    """Keys of what is new, or back again."""
    changed: tuple[str, ...] = ()
    """Keys of what looks or stands otherwise now."""
    removed: tuple[str, ...] = ()
    """Keys of what was retired: offered no more, but codings that use it stay as they were."""
    used: Mapping[str, int] = field(default_factory=dict)
    """How many live codings use each retired stage or code."""

    def __str__(self) -> str:
        """In one line, for a log."""
        if not self.seq:
            return "nothing changed"
        say = [
            f"{len(keys)} {what}"
            for keys, what in (
                (self.added, "added"),
                (self.changed, "changed"),
                (self.removed, "retired"),
            )
            if keys
        ]
        kept = ", ".join(f"{key}: {n}" for key, n in self.used.items())
        return ", ".join(say) + (f"; codings that keep a retired one: {kept}" if kept else "")


def journey(tx: Tx) -> Journey:
    """The study's journey; one without stages if none was set."""
    return journey_of(tx.one(_JOURNEY), tx.all(_STAGES))


def journey_of(head: Any, stages_found: Iterable[Any]) -> Journey:
    """A journey from its own row (key, names, kind) and its stages' (key, parent, facts)."""
    row: Any = ("journey", "{}", "stages") if head is None else head
    key, its_names, kind = row
    rows = [(uid, parent, json.loads(facts)) for uid, parent, facts in stages_found]
    stages = tuple(_stage(uid, parent, facts) for uid, parent, facts in _parents_first(rows))
    return Journey(key, stages, json.loads(its_names), kind)


def codebook(tx: Tx) -> Codebook:
    """The study's codebook; an empty one if none was set."""
    return codebook_of(tx.all(_CODES))


def codebook_of(found: Iterable[Any]) -> Codebook:
    """A codebook from rows in order: key, name, kind, parent, definition, colour."""
    rows = [(row[0], row[3], row) for row in found]
    return Codebook(
        tuple(
            Code(uid, row[1], row[2], parent, row[4], row[5])
            for uid, parent, row in _parents_first(rows, deep=True)
        )
    )


def _parents_first(
    rows: Sequence[tuple[str, str | None, Any]], *, deep: bool = False
) -> list[tuple[str, str | None, Any]]:
    """Order rows so that each follows its parent; one whose parent is retired stands alone.

    Two people may each have set the journey; undoing one of it can leave such rows.
    """
    there = {key: parent for key, parent, _ in rows}
    tops = [row for row in rows if row[1] not in there]
    children: dict[str, list[tuple[str, str | None, Any]]] = {}
    for row in rows:
        if row[1] in there:
            children.setdefault(str(row[1]), []).append(row)
    ordered: list[tuple[str, str | None, Any]] = []

    def place(row: tuple[str, str | None, Any], parent: str | None, depth: int) -> None:
        ordered.append((row[0], parent, row[2]))
        for child in children.get(row[0], ()):
            place(child, row[0] if deep or depth == 0 else parent, depth + 1)

    for row in tops:
        place(row, None, 0)
    done = {row[0] for row in ordered}
    ordered.extend((key, None, rest) for key, _, rest in rows if key not in done)  # circles
    return ordered


def _stage(key: str, parent: str | None, facts: Mapping[str, Any]) -> Stage:
    lists = {
        what: {language: tuple(items) for language, items in facts.get(what, {}).items()}
        for what in _LISTS
    }
    return Stage(key, facts.get("names", {}), parent, facts.get("goal", {}), **lists)


def _facts(stage: Stage) -> str:
    facts: dict[str, Any] = {"names": dict(stage.names), "goal": dict(stage.goal)}
    for what in _LISTS:
        listed = {language: list(items) for language, items in getattr(stage, what).items()}
        facts[what] = listed
    return _json({key: value for key, value in facts.items() if value})


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def set_journey(tx: Tx, new: Journey, actor: str, op: str) -> Edited:
    """Make the study's journey what is given, as one action."""
    head = JOURNEYS.find(tx, "journey")
    title = {"names": _json(dict(new.names)), "key": new.key, "kind": new.kind, "gone": 0}
    extra = []
    if {k: v for k, v in head.image.items() if k != "rev"} != title:
        extra.append(Write(JOURNEYS, "journey", head, title))
    wanted = {
        stage.key: {"parent": stage.parent, "place": place, "facts": _facts(stage), "gone": 0}
        for place, stage in enumerate(new, 1)
    }
    return _set(tx, "stage", wanted, extra=extra, actor=actor, op=op)


def set_codebook(tx: Tx, new: Codebook, actor: str, op: str) -> Edited:
    """Make the study's codebook what is given, as one action."""
    places = _places(new, {row[0]: row[1] for row in tx.all(_PLACES)})
    wanted = {
        code.key: {
            "parent": code.parent,
            "place": places[code.key],
            "kind": code.kind,
            "name": code.name,
            "definition": code.definition,
            "colour": code.colour,
            "merged_into": None,
            "gone": 0,
        }
        for code in new
    }
    return _set(tx, "code", wanted, actor=actor, op=op)


def _places(new: Codebook, have: Mapping[str, int]) -> dict[str, int]:
    """Where codes stand; those they have are kept where that is the order wanted already."""
    rows: dict[str | None, list[str]] = {}
    for code in new:
        rows.setdefault(code.parent, []).append(code.key)
    places: dict[str, int] = {}
    for row in rows.values():
        kept = [have[key] for key in row if key in have]
        fresh = row[len(kept) :]
        if kept == sorted(set(kept)) and not any(key in have for key in fresh):
            last = max(kept, default=0)
            places.update({key: have[key] for key in row[: len(kept)]})
            places.update({key: last + n for n, key in enumerate(fresh, 1)})
        else:
            places.update({key: n for n, key in enumerate(row, 1)})
    return places


def _set(
    tx: Tx,
    what: Literal["stage", "code"],
    wanted: Mapping[str, Image],
    *,
    extra: Iterable[Write] = (),
    actor: str,
    op: str,
) -> Edited:
    rows = STAGES if what == "stage" else CODES
    for key, image in wanted.items():
        for text in (key, *(value for value in image.values() if isinstance(value, str))):
            names.clean(f"what describes the {what} {key!r}", text, longest=100_000, empty=True)
    writes = list(extra)
    added: list[str] = []
    changed: list[str] = []
    removed: list[str] = []
    for key, image in wanted.items():
        found = rows.find(tx, key)
        before = {name: value for name, value in found.image.items() if name != "rev"}
        if before == image:
            continue
        (changed if alive(found.image) else added).append(key)
        writes.append(Write(rows, key, found, image))
    for key in names.known(tx, what):
        if key not in wanted:
            found = rows.find(tx, key)
            removed.append(key)
            writes.append(Write(rows, key, found, {**found.image, "gone": 1}))
    if not writes:
        return Edited()
    used = dict(tx.all(_USED[what])) if removed else {}
    label = "journey" if what == "stage" else "codebook"
    done = journal.record(tx, names.actor(tx, actor), op, label, writes)
    return Edited(
        done.seq,
        tuple(added),
        tuple(changed),
        tuple(removed),
        {key: used[key] for key in removed if used.get(key)},
    )
