"""What a coder does, turned into journalled changes of codings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, CjmError, UnknownName
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import Notice, Op, Refusal
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.journal import Write
from cjm_widgets.store.history.reversal import MERGE
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.names import Keys
from cjm_widgets.store.tables.rows import CODINGS, Found, Image, alive, unpacked

_F, _T, _CH, _A = schema.feedback, schema.feedback_text, schema.change, schema.action

MEMO = 20_000
"""Code points a memo may have."""

_TEXT = Statement(
    sa.select(_F.c.batch, _F.c.version, sa.func.length(_F.c.text)).where(
        _F.c.id == sa.bindparam("the_id")
    )
)
_OLD = Statement(
    sa.select(sa.func.length(_T.c.text)).where(
        _T.c.feedback == sa.bindparam("the_id"), _T.c.version == sa.bindparam("the_version")
    )
)
_LEFT = Statement(
    sa.select(_CH.c.after)
    .join(_A, _A.c.seq == _CH.c.seq)
    .where(
        _A.c.op == sa.bindparam("the_op"),
        _CH.c.tbl == "coding",
        _CH.c.row == sa.bindparam("the_row"),
    )
)

_LABELS = Statement(
    sa.select(_A.c.label)
    .join(_CH, _A.c.seq == _CH.c.seq)
    .where(
        _CH.c.tbl == "coding",
        _CH.c.row == sa.bindparam("the_row"),
        _CH.c.seq > sa.bindparam("since"),
    )
)
SPLIT = "split_code"
"""What the journal calls the splitting of a code."""

_CODE = {"feedback", "start", "stop", "stage", "valence", "codes", "memo", "origin"}
_EDIT = {"start", "stop", "stage", "valence", "codes", "memo"}


class No(Exception):
    """An op that cannot be done; never leaves this room."""

    def __init__(self, why: Refusal, say: str, rows: tuple[str, ...] = ()) -> None:
        super().__init__(say)
        self.why: Refusal = why
        self.say = say
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Plan:
    """What an op changes."""

    write: Write
    stale: bool = False
    """Whether the text was replaced since the coder saw it."""
    notices: tuple[Notice, ...] = ()
    """Codes that were merged or retired since."""


def plan(tx: Tx, op: Op, coder: int) -> Plan:
    """What a ``code``, ``edit`` or ``remove`` changes.

    Raises
    ------
    No
        If it cannot be done.
    """
    row = op.row
    if not isinstance(row, str) or not 0 < len(row) <= 64 or names.unfit(row):
        raise No("invalid", f"a coding is named by a text of 1 to 64 characters, not {row!r}")
    found = CODINGS.find(tx, row)
    if op.act == "code":
        if found.id is not None and "feedback" in found.image:
            raise No("invalid", f"there is a coding {row!r} already; make another id for a new one")
        return _new(tx, op, found, coder)
    if found.id is None or "feedback" not in found.image:
        raise No("conflict", f"the coding {row!r} is not there (its creation was undone)", (row,))
    if found.image["coder"] != coder:
        raise No("invalid", f"the coding {row!r} is another coder's; only its coder may change it")
    _based(tx, op, row, found)
    if not alive(found.image):
        raise No("conflict", f"the coding {row!r} was removed meanwhile; undo that first", (row,))
    version, _, hidden = _text(tx, found.image["feedback"])
    if hidden:
        raise No("invalid", "its text is not in the study any more; reload the queue")
    if op.act == "remove":
        return Plan(Write(CODINGS, row, found, {**found.image, "gone": 1}))
    return _edited(tx, op, found, version)


def _new(tx: Tx, op: Op, found: Found, coder: int) -> Plan:
    body = _body(op.body, _CODE)
    given = body.get("feedback")
    if not _whole(given):
        raise No("invalid", f"'feedback' is the number of a text, not {given!r}")
    feedback = int(given or 0)
    text = _text(tx, feedback)
    current = text[0]
    if text[2]:
        raise No("invalid", f"there is no text {feedback} in the study; reload the queue")
    version = current if op.seen_version is None else op.seen_version
    start, stop = _range(tx, feedback, version, (body.get("start"), body.get("stop")), text)
    origin = body.get("origin", "human")
    if origin not in ("human", "suggestion"):
        raise No("invalid", f"'origin' is 'human' or 'suggestion', not {origin!r}")
    image: Image = {
        "feedback": feedback,
        "version": version,
        "start": start,
        "stop": stop,
        "coder": coder,
        "stage": None,
        "valence": None,
        "memo": "",
        "origin": origin,
        "sampled_by": None,
        "sampled_p": None,
        "gone": 0,
        "codes": [],
    }
    notices = said(tx, body, image)
    return Plan(Write(CODINGS, str(op.row), found, image), version != current, notices)


def _edited(tx: Tx, op: Op, found: Found, current: int) -> Plan:
    body = _body(op.body, _EDIT)
    image = dict(found.image)
    if "start" in body or "stop" in body:
        if op.seen_version is not None and {"start", "stop"} <= body.keys():
            image["version"] = op.seen_version
        image["start"], image["stop"] = _range(
            tx,
            image["feedback"],
            image["version"],
            (body.get("start", image["start"]), body.get("stop", image["stop"])),
            _text(tx, image["feedback"]),
        )
    notices = said(tx, body, image)
    stale = image["version"] != current
    return Plan(Write(CODINGS, str(op.row), found, image), stale, notices)


def _body(body: object, allowed: set[str]) -> Mapping[str, Any]:
    if not isinstance(body, Mapping):
        raise No("invalid", f"'body' is an object, not {body!r}")
    if unknown := set(map(str, body)) - allowed:
        raise No(
            "invalid",
            f"'body' knows no {', '.join(sorted(unknown))}; allowed: {', '.join(sorted(allowed))}",
        )
    return body


def said(tx: Tx, body: Mapping[str, Any], image: Image) -> tuple[Notice, ...]:
    """Take over what a coder says about a passage; tells of codes that others changed."""
    notices: list[Notice] = []
    if "stage" in body:
        key = body["stage"]
        image["stage"] = None if key is None else _stage(tx, key, image["stage"])
    if "valence" in body:
        image["valence"] = _valence(body["valence"])
    if "codes" in body:
        given = body["codes"]
        if isinstance(given, str) or not hasattr(given, "__iter__"):
            raise No("invalid", f"'codes' is a list of keys, not {given!r}")
        kept = set(image["codes"])
        image["codes"] = sorted({_code(tx, key, kept, notices) for key in given})
    if "memo" in body:
        try:
            memo = body["memo"]
            image["memo"] = names.clean("'memo'", memo, longest=MEMO, empty=True)
        except ArgumentError as error:
            raise No("invalid", str(error)) from error
    return tuple(notices)


def _code(tx: Tx, key: object, kept: set[int], notices: list[Notice]) -> int:
    """A code for a coding; what was merged away gives way, what was retired is kept.

    The coder may not have heard of it yet, and nothing that they did is to be lost.
    """
    try:
        return names.live(tx, "code", key)
    except UnknownName as error:
        found = names.former_code(tx, key)
        if found is None:
            raise No("invalid", str(error)) from error
    number, into = found
    if into is not None:
        notices.append(Notice("merged", str(key), into))
    elif number not in kept:
        notices.append(Notice("retired", str(key)))
    return number


_STAGE = Statement(
    sa.select(schema.stage.c.id).where(schema.stage.c.uid == sa.bindparam("the_key"))
)


def _stage(tx: Tx, key: object, kept: int | None) -> int:
    """A live stage; one that the coding has already may be retired."""
    if isinstance(key, str) and kept is not None and not names.unfit(key):
        found = tx.one(_STAGE, the_key=key)
        if found is not None and found[0] == kept:
            return int(found[0])
    try:
        return names.live(tx, "stage", key)
    except CjmError as error:
        raise No("invalid", str(error)) from error


def _valence(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise No("invalid", f"'valence' is a number from −1 to 1 or null, not {value!r}")
    if not -1 <= value <= 1:
        raise No("invalid", f"'valence' lies between −1 and 1, not {value!r}")
    return float(value)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _range(
    tx: Tx, feedback: int, version: object, ends: tuple[Any, Any], text: tuple[int, int, bool]
) -> tuple[int, int]:
    if not _whole(version):
        raise No("invalid", f"'seen_version' is a number, not {version!r}")
    (start, stop), (current, length, _) = ends, text
    if version != current:
        old = tx.one(_OLD, the_id=feedback, the_version=version)
        if old is None:
            raise No(
                "invalid", f"the text {feedback} has no version {version}; it is {current} now"
            )
        length = old[0]
    if not _whole(start) or not _whole(stop) or not start < stop <= length:
        raise No(
            "invalid",
            f"a passage is a range start < stop within the text's {length} code points, "
            f"not {start!r} to {stop!r}",
        )
    return int(start), int(stop)


def _text(tx: Tx, feedback: int) -> tuple[int, int, bool]:
    """Current version, its length in code points, and whether the text is hidden."""
    found = tx.one(_TEXT, the_id=feedback)
    if found is None:
        return 0, 0, True
    return found[1], found[2], found[0] in tx.hidden()


def _based(tx: Tx, op: Op, row: str, found: Found) -> None:
    """Refuse what builds on a state of the row that is not the present one."""
    if op.base is None:
        return
    if _whole(op.base):
        fits = found.image["rev"] == op.base
    elif not isinstance(op.base, str) or names.unfit(op.base):
        raise No("invalid", f"'base' is a number, an op's id or null, not {op.base!r}")
    else:
        left = tx.one(_LEFT, the_op=op.base, the_row=row)
        fits = left is not None and unpacked(left[0])["rev"] == found.image["rev"]
    if not fits and not _only_merged(tx, op, row):
        raise No(
            "conflict",
            f"the coding {row!r} was changed meanwhile; look at it again, then change it",
            (row,),
        )


def _only_merged(tx: Tx, op: Op, row: str) -> bool:
    """Whether nothing but merging or splitting codes has changed the row since."""
    if _whole(op.base):
        since = op.base
    else:
        known = journal.earlier(tx, str(op.base))
        if known is None or tx.one(_LEFT, the_op=op.base, the_row=row) is None:
            return False
        since = known[0]
    labels = {label for (label,) in tx.all(_LABELS, the_row=row, since=since)}
    # A list of codes from before a split would bring back the code that was split.
    return bool(labels) and labels <= ({MERGE} if "codes" in op.body else {MERGE, SPLIT})


def coding(tx: Tx, uid: str, image: Image, coder: str, keys: Keys) -> Coding:
    """A coding from its image."""
    return Coding(
        uid=uid,
        feedback=image["feedback"],
        version=image["version"],
        start=image["start"],
        stop=image["stop"],
        coder=coder,
        stage=keys.stage(tx, image["stage"]),
        valence=image["valence"],
        codes=keys.codes(tx, image["codes"]),
        memo=image["memo"],
        origin=image["origin"],
        rev=image["rev"],
        gone=bool(image["gone"]),
    )
