"""The last step of an import: what it changes in texts that were there before."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.journal import Write
from cjm_widgets.store.imports import versions
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.rows import CODINGS, TEXTS, Image, alive
from cjm_widgets.text.turns import Speech

_ST, _C, _A = schema.staged, schema.coding, schema.action

_STAGED = Statement(
    sa.select(_ST.c.n, _ST.c.feedback, _ST.c.body)
    .where(_ST.c.batch == sa.bindparam("the_id"), _ST.c.n > sa.bindparam("after"))
    .order_by(_ST.c.n)
    .limit(1_000)
)
_UNSTAGE = Statement(sa.delete(_ST).where(_ST.c.batch == sa.bindparam("the_id")))
_RATING = Statement(
    sa.select(_C.c.uid, _C.c.rev, _A.c.label)
    .outerjoin(_A, _A.c.seq == _C.c.rev)
    .where(
        _C.c.coder == sa.bindparam("the_coder"),
        _C.c.feedback == sa.bindparam("the_feedback"),
        _C.c.origin == "import",
    )
    .order_by(_C.c.id)
    .limit(1)
)


@dataclass(slots=True)
class Applied:
    """What an import did to texts that were there before."""

    changed: int = 0
    same: int = 0
    back: int = 0
    """Texts of an import that was undone, there again."""
    codings: int = 0
    followed: int = 0
    """Codings that moved to corrected words."""
    misfits: int = 0
    """Codings that stay at the words they were made on."""


def apply_staged(tx: Tx, seq: int, batch: int, coder: int, speech: Speech | None = None) -> Applied:
    """Write what a batch staged."""
    made = Applied()
    after = 0
    while rows := tx.all(_STAGED, the_id=batch, after=after):
        for after, feedback, body in rows:  # noqa: B007 - the last one is where to go on
            new: dict[str, Any] = json.loads(body)
            rating = new.pop("rating", None)
            text = versions.change(tx, seq, feedback, new, speech) if new else None
            rated = rating is not None and _rate(
                tx, seq, feedback, coder=coder, rating=rating, text=text
            )
            made.codings += rated
            if text is not None and "text" in new:
                moved = versions.follow(tx, seq, feedback, text["version"], text["text"])
                made.followed += moved.followed
                made.misfits += moved.misfits
            if "batch" in new:
                made.back += 1
            elif new or rated:
                made.changed += 1
            else:
                made.same += 1
    tx.run(_UNSTAGE, the_id=batch)
    return made


def _rate(
    tx: Tx, seq: int, feedback: int, *, coder: int, rating: list[Any], text: Image | None
) -> bool:
    """Bring the import's coding of a text up to date; False if there is nothing to do."""
    shown = text if text is not None else TEXTS.find(tx, str(feedback)).image
    stage = None if rating[0] is None else names.live(tx, "stage", rating[0])
    known = tx.one(_RATING, the_coder=coder, the_feedback=feedback)
    image: Image = {
        "feedback": feedback,
        "version": shown["version"],
        "start": 0,
        "stop": len(shown["text"]),
        "coder": coder,
        "stage": stage,
        "valence": rating[1],
        "memo": "",
        "origin": "import",
        "sampled_by": None,
        "sampled_p": None,
        "gone": 0,
        "codes": [],
    }
    if known is None:
        uid = uuid.uuid4().hex
        journal.write(tx, seq, Write(CODINGS, uid, CODINGS.find(tx, uid), image))
        return True
    uid, rev, label = known
    if rev and label != "import":
        return False  # somebody corrected it by hand since; the file does not know better
    found = CODINGS.find(tx, uid)
    if alive(found.image):
        kept = {name: found.image[name] for name in ("memo", "codes", "sampled_by", "sampled_p")}
        image = {**image, **kept}
        if {name: value for name, value in found.image.items() if name != "rev"} == image:
            return False
    journal.write(tx, seq, Write(CODINGS, uid, found, image))
    return True
