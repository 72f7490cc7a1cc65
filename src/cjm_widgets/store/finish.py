"""The last step of an import: what it changes in texts that were there before."""

from __future__ import annotations

import json
import uuid
from typing import Any

import sqlalchemy as sa

from cjm_widgets.store import journal, names, schema
from cjm_widgets.store.database import Tx
from cjm_widgets.store.journal import Write
from cjm_widgets.store.rows import CODINGS, TEXTS, Image, alive
from cjm_widgets.store.statement import Statement

_ST, _C, _A = schema.staged, schema.coding, schema.action

_STAGED = Statement(
    sa.select(_ST.c.n, _ST.c.feedback, _ST.c.body)
    .where(_ST.c.batch == sa.bindparam("the_id"), _ST.c.n > sa.bindparam("after"))
    .order_by(_ST.c.n)
    .limit(1_000)
)
_UNSTAGE = Statement(sa.delete(_ST).where(_ST.c.batch == sa.bindparam("the_id")))
_NEWEST = Statement(
    sa.select(sa.func.max(schema.feedback_text.c.version)).where(
        schema.feedback_text.c.feedback == sa.bindparam("the_id")
    )
)
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


def apply_staged(tx: Tx, seq: int, batch: int, coder: int) -> tuple[int, int, int, int]:
    """Write what a batch staged; gives counts of texts changed, same, back, and of codings."""
    changed = same = back = codings = 0
    after = 0
    while rows := tx.all(_STAGED, the_id=batch, after=after):
        for after, feedback, body in rows:  # noqa: B007 - the last one is where to go on
            new: dict[str, Any] = json.loads(body)
            rating = new.pop("rating", None)
            text = _text(tx, seq, feedback, new) if new else None
            rated = rating is not None and _rate(
                tx, seq, feedback, coder=coder, rating=rating, text=text
            )
            codings += rated
            if "batch" in new:
                back += 1
            elif new or rated:
                changed += 1
            else:
                same += 1
    tx.run(_UNSTAGE, the_id=batch)
    return changed, same, back, codings


def _text(tx: Tx, seq: int, feedback: int, new: dict[str, Any]) -> Image:
    found = TEXTS.find(tx, str(feedback))
    image = {**found.image, **new}
    if image["text"] != found.image["text"]:
        newest = tx.one(_NEWEST, the_id=feedback)[0]
        image["version"] = max(newest or 0, found.image["version"]) + 1
    return journal.write(tx, seq, Write(TEXTS, str(feedback), found, image))


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
