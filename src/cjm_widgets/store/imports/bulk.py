"""Codings made elsewhere, taken in as one action per coder."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from cjm_widgets.model.coding import Coding
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import frame
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.journal import Write
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.rows import CODINGS, Image, alive

_BROUGHT = ("import", "autocode")
"""Labels of the actions that bring many codings in; what they wrote nobody has touched since."""

_KINDS = {"coder": "text", "codings": "integer", "same": "integer"}


def add_codings(tx: Tx, given: Iterable[Coding], label: str = "import") -> pd.DataFrame:
    """Write codings, each in its coder's name; the same table again changes nothing.

    A coding is known again by coder, passage, and how many of the same passage came before
    it. One that its coder has changed or removed since is left alone.

    Returns
    -------
    pandas.DataFrame
        A row per coder: coder, codings (new or changed), same.
    """
    study = tx.fetch(schema.study.select())[0].uid
    ordinal: Counter[tuple[object, ...]] = Counter()
    stages: dict[str, int] = {}
    codes: dict[str, int] = {}
    writes: dict[str, list[Write]] = {}
    same: Counter[str] = Counter()
    for coding in given:
        place = (coding.coder, coding.feedback, coding.version, coding.start, coding.stop)
        ordinal[place] += 1
        uid = _uid(study, *place, ordinal[place])
        mine = writes.setdefault(coding.coder, [])
        found = CODINGS.find(tx, uid)
        if coding.stage is not None and coding.stage not in stages:
            stages[coding.stage] = names.live(tx, "stage", coding.stage)
        for key in coding.codes:
            if key not in codes:
                codes[key] = names.live(tx, "code", key)
        image: Image = {
            "feedback": coding.feedback,
            "version": coding.version,
            "start": coding.start,
            "stop": coding.stop,
            "coder": names.actor(tx, coding.coder),
            "stage": None if coding.stage is None else stages[coding.stage],
            "valence": coding.valence,
            "memo": names.clean("a memo", coding.memo, longest=20_000, empty=True),
            "origin": coding.origin,
            "sampled_by": None,
            "sampled_p": None,
            "gone": 0,
            "codes": sorted({codes[key] for key in coding.codes}),
        }
        if found.id is not None and (_touched(tx, uid) or _equal(found.image, image)):
            same[coding.coder] += 1
        else:
            mine.append(Write(CODINGS, uid, found, image))
    for coder, changes in writes.items():
        if changes:
            journal.record(tx, names.actor(tx, coder), uuid.uuid4().hex, label, changes)
    return frame(_KINDS, [(who, len(mine), same[who]) for who, mine in writes.items()])


def _uid(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def _equal(there: Image, image: Image) -> bool:
    return alive(there) and all(there.get(name) == value for name, value in image.items())


def _touched(tx: Tx, uid: str) -> bool:
    """Whether somebody has changed the coding since it was brought in."""
    change, action = schema.change, schema.action
    rows = tx.fetch(
        change.select()
        .with_only_columns(action.c.label)
        .join(action, action.c.seq == change.c.seq)
        .where(change.c.tbl == CODINGS.name, change.c.row == uid, action.c.kind == "do")
    )
    return any(label not in _BROUGHT for (label,) in rows)
