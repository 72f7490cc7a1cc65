"""Turns of transcripts: written with a text, corrected by people, asked for by others.

The table `turn` holds what was found in each version of a text. What people say about
speakers are documents of the kind ``speaker``, laid over it when turns are asked for. New
turns of a text that was there before are part of its journalled image: see `tables.cuts`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pandas as pd
import sqlalchemy as sa

from cjm_widgets.store.contents.documents import documents
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import values
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.tables import cuts
from cjm_widgets.store.tables.cuts import Cut
from cjm_widgets.store.tables.frames import shown
from cjm_widgets.text.turns import Speech, at, called, key, may_be_transcript, only
from cjm_widgets.text.turns import turns as turns_of

KIND = "speaker"
"""Kind of the documents that say who a speaker is."""
NOBODY = "[…]"
"""What a speaker is called who is forgotten: somebody spoke there."""

_F, _T = schema.feedback, schema.turn
_ANY = Statement(sa.select(_T.c.feedback).limit(1))
_SPOKEN = Statement(sa.select(schema.meta.c.value).where(schema.meta.c.key == "spoken"))
_SPEAK = Statement(
    lambda insert: (
        insert(schema.meta)
        .values(key="spoken", value=sa.bindparam("value"))
        .on_conflict_do_update(index_elements=["key"], set_={"value": sa.bindparam("value")})
    )
)


@dataclass(frozen=True, slots=True)
class Said:
    """One turn as it counts."""

    feedback: int
    version: int
    n: int
    start: int
    stop: int
    speaker: str
    respondent: str | None
    role: str


def write(
    tx: Tx,
    ids: Sequence[int],
    texts: Sequence[str],
    names: Sequence[str | None],
    speech: Speech | None,
) -> int:
    """Find and keep the turns of new texts; gives how many are transcripts."""
    found = [
        (number, 1, cut(number, text, name, speech))
        for number, text, name in zip(ids, texts, names, strict=True)
        if may_be_transcript(text)
    ]
    cuts.write(tx, found)
    return sum(bool(turns) for *_, turns in found)


def cut(number: int, text: str, name: str | None, speech: Speech | None) -> Cut:
    """The turns of a text as they would be kept; nothing is written."""
    found = turns_of(text, speech, name or f"~{number}")
    return [[one.start, one.stop, one.speaker, one.respondent, one.role] for one in found]


def speech_of(said: Iterable[Said], name: str) -> Speech:
    """What the turns of one version tell about the speakers of the next."""
    asking: dict[str, None] = {}
    given: dict[str, str] = {}
    labels: dict[str, None] = {}
    for one in said:
        labels[one.speaker] = None
        if one.role == "interviewer":
            asking[one.speaker] = None
        elif one.respondent and one.respondent != called(name, one.speaker):
            given[one.speaker] = one.respondent
    return Speech(tuple(asking), given, tuple(labels))


def spoken(tx: Tx) -> bool:
    """Whether any text of the study is a transcript."""
    return tx.one(_ANY) is not None


def stored(
    tx: Tx, ids: Iterable[int] | None, *, past: bool = False, hidden: bool = False
) -> list[Said]:
    """Turns of some texts (None: of all), in order, with what people say about the speakers.

    Parameters
    ----------
    past
        Whether older versions of the texts are wanted too.
    hidden
        Whether texts of imports that were undone are wanted too.
    """
    if not spoken(tx):
        return []
    wanted = (
        sa.select(_T, _F.c.respondent, _F.c.source_id)
        .join(_F, (_F.c.id == _T.c.feedback))
        .where(*([] if hidden else shown(tx, _F.c.batch)))
        .order_by(_T.c.feedback, _T.c.version, _T.c.n)
    )
    if not past:
        wanted = wanted.where(_F.c.version == _T.c.version)
    if ids is None:
        rows = tx.fetch(wanted)
    else:
        numbers = sorted(set(ids))
        rows = []
        for begin in range(0, len(numbers), 500):
            rows += tx.fetch(wanted.where(_T.c.feedback.in_(numbers[begin : begin + 500])))
    opinions = _opinions(tx)
    made: list[Said] = []
    for (number, _), group in groupby(rows, lambda row: (row[0], row[1])):
        made += _settled(list(group), opinions, number)
    return made


Opinions = Mapping[tuple[int | None, str], Mapping[str, Any]]


def _opinions(tx: Tx) -> Opinions:
    """What people say, by text (None: everywhere) and speaker."""
    return {
        (body.get("feedback"), key(body["speaker"])): body for body in documents(tx, KIND).values()
    }


def _settled(rows: list[Any], opinions: Opinions, number: int) -> list[Said]:
    """The turns of one text, each with its role and respondent as they count."""
    name = rows[0][9] or f"~{number}"
    roles: dict[str, str] = {}
    given: dict[str, str] = {}
    labels: dict[str, str] = {}
    for row in rows:
        label = key(row[5])
        labels.setdefault(label, row[5])
        said = opinions.get((number, label)) or opinions.get((None, label)) or {}
        roles[label] = said.get("role") or row[7]
        known = said.get("respondent") or (row[6] if row[6] != called(name, row[5]) else None)
        if known and roles[label] == "respondent":
            given[label] = known
    several = sum(role == "respondent" for role in roles.values()) > 1
    made = []
    for row in rows:
        label, who = key(row[5]), None
        if roles[label] == "respondent" and row[5] != NOBODY:
            who = given.get(label) or (called(name, labels[label]) if several else row[8])
        feedback, version, n, start, stop, speaker = row[:6]
        made.append(Said(feedback, version, n, start, stop, speaker, who, roles[label]))
    return made


def by_version(said: Iterable[Said]) -> dict[tuple[int, int], list[Said]]:
    """Turns by text and version."""
    made: dict[tuple[int, int], list[Said]] = {}
    for one in said:
        made.setdefault((one.feedback, one.version), []).append(one)
    return made


Place = tuple[int, int, int, int]
"""Text, version, start and stop of a passage."""


def respondents(tx: Tx, places: Sequence[Place], *, hidden: bool = False) -> list[str | None]:
    """Whose words passages are: text, version, start and stop to the respondent.

    None where the text is no transcript, or nobody but an interviewer speaks there: then it
    is whoever the text belongs to.
    """
    texts = {place[0] for place in places}
    if not texts or not spoken(tx):
        return [None] * len(places)
    there = {row[0] for row in tx.fetch(sa.select(_T.c.feedback).distinct())}
    said = {
        which: [(one.start, one.stop, one.respondent) for one in some if one.respondent]
        for which, some in by_version(stored(tx, texts & there, past=True, hidden=hidden)).items()
    }
    known: dict[Place, str | None] = {}
    for place in dict.fromkeys(places):
        known[place] = at(said.get(place[:2], ()), place[2], place[3])
    return [known[place] for place in places]


def credited(tx: Tx, codings: pd.DataFrame) -> pd.DataFrame:
    """Codings whose respondent is who speaks in the passage, where several speak in a text.

    Parameters
    ----------
    codings
        Columns feedback, version, start, stop and respondent (of the whole text).
    """
    if not spoken(tx) or not len(codings):
        return codings
    columns = [values(codings, name) for name in ("feedback", "version", "start", "stop")]
    found = respondents(tx, list(zip(*columns, strict=True)))
    own = values(codings, "respondent")
    made = [who or other for who, other in zip(found, own, strict=True)]
    return codings.assign(respondent=pd.array(made, dtype="str"))


Answers = Mapping[tuple[int, int], Sequence[tuple[int, int]]]
"""Where respondents speak, by text and version."""


def answers(tx: Tx, ids: Iterable[int], *, past: bool = True) -> Answers:
    """Where respondents speak, by text and version; texts without turns are not in it."""
    return {
        which: [(one.start, one.stop) for one in some if one.role == "respondent"]
        for which, some in by_version(stored(tx, ids, past=past)).items()
    }


def without_interviewer(spans: Sequence[tuple[int, int]] | None, words: str, start: int = 0) -> str:
    """Words in which only respondents are left, of the same length.

    Parameters
    ----------
    spans
        Where respondents speak in the whole text; None if it is no transcript.
    words
        Some of the text.
    start
        Where in the text they begin.
    """
    if spans is None:
        return words
    end = start + len(words)
    inside = [(a - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    return only(words, [(max(a, 0), b) for a, b in inside])


def settle_scores(base: Database) -> None:
    """Drop scores of transcripts where people have changed their minds about who asks."""
    with base.read() as tx:
        now, known = _stamp(tx), _known(tx)
    if now == known:
        return
    with base.write() as tx:
        tx.conn.execute(
            sa.delete(schema.score).where(schema.score.c.feedback.in_(sa.select(_T.c.feedback)))
        )
        tx.run(_SPEAK, value=now)


def _known(tx: Tx) -> str:
    found = tx.one(_SPOKEN)
    return "" if found is None else str(found[0])


def _stamp(tx: Tx) -> str:
    said = documents(tx, KIND)
    if not said:
        return ""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
