"""One speaker of several is blacked out: same length, so that the others' codings still fit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from cjm_widgets.store.contents.turns import NOBODY, Said
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.tables import search
from cjm_widgets.store.tables.rows import packed, unpacked

_F, _T, _TU, _CH = schema.feedback, schema.feedback_text, schema.turn, schema.change
_BLOCK = "█████ "


def black(length: int) -> str:
    """What stands where somebody spoke: tells how much, but no words nor their lengths.

    >>> black(8)
    '█████ ██'
    """
    return (_BLOCK * (length // len(_BLOCK) + 1))[:length]


def silence(tx: Tx, mine: Sequence[Said]) -> set[int]:
    """Black out turns in all versions of their texts, in the journal and the search index.

    The speaker's label is blacked out wherever it stands in the text.

    Returns
    -------
    set of int
        Numbers of the texts.
    """
    by_text: dict[int, dict[int, list[Said]]] = {}
    for one in mine:
        by_text.setdefault(one.feedback, {}).setdefault(one.version, []).append(one)
    for number, versions in by_text.items():
        _text(tx, number, versions)
    return set(by_text)


def _text(tx: Tx, number: int, versions: Mapping[int, Sequence[Said]]) -> None:
    labels = {one.speaker for said in versions.values() for one in said}
    current, text = tx.fetch(sa.select(_F.c.version, _F.c.text).where(_F.c.id == number))[0]
    made = _blacked(text, versions.get(current, ()), labels)
    search.replace(tx, number, text, made)
    tx.conn.execute(sa.update(_F).where(_F.c.id == number).values(text=made))
    for version, words in tx.fetch(
        sa.select(_T.c.version, _T.c.text).where(_T.c.feedback == number)
    ):
        tx.conn.execute(
            sa.update(_T)
            .where(_T.c.feedback == number, _T.c.version == version)
            .values(text=_blacked(words, versions.get(version, ()), labels))
        )
    _journal(tx, number, versions, labels)
    for said in versions.values():
        for one in said:
            tx.conn.execute(
                sa.update(_TU)
                .where(_TU.c.feedback == number, _TU.c.version == one.version, _TU.c.n == one.n)
                .values(speaker=NOBODY, respondent=None)
            )
    tx.conn.execute(sa.delete(schema.score).where(schema.score.c.feedback == number))
    tx.conn.execute(sa.delete(schema.content).where(schema.content.c.feedback == number))


def _journal(tx: Tx, number: int, versions: Mapping[int, Sequence[Said]], labels: set[str]) -> None:
    here = (_CH.c.tbl == "feedback", _CH.c.row == str(number))
    for seq, *sides in tx.fetch(sa.select(_CH.c.seq, _CH.c.before, _CH.c.after).where(*here)):
        made = []
        for image in map(unpacked, sides):
            if "text" in image:
                said = versions.get(image["version"], ())
                image["text"] = _blacked(image["text"], said, labels)
                if "turns" in image:
                    image["turns"] = [_hushed(turn, said, labels) for turn in image["turns"]]
            made.append(packed(image))
        tx.conn.execute(
            sa.update(_CH).where(_CH.c.seq == seq, *here).values(before=made[0], after=made[1])
        )


def _hushed(turn: list[Any], said: Sequence[Said], labels: set[str]) -> list[Any]:
    """A turn of some cut of a text, without who spoke it if that is who is silenced."""
    start, stop, speaker, *_, role = turn
    theirs = speaker in labels or any(start < one.stop and one.start < stop for one in said)
    return [start, stop, NOBODY, None, role] if theirs else turn


def _blacked(text: str, said: Sequence[Said], labels: set[str]) -> str:
    for one in said:
        text = text[: one.start] + black(one.stop - one.start) + text[one.stop :]
    for label in labels - {NOBODY}:
        text = re.sub(rf"(?<!\w){re.escape(label)}(?!\w)", lambda found: "█" * len(found[0]), text)
    return text
