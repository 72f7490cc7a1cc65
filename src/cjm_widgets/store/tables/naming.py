"""Journalled rows in words: stages and codes by name, passages by what they say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import moment
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.tables.rows import Image

_F, _T = schema.feedback, schema.feedback_text

SHOWN = 60
"""Code points of a passage or a text that stand for it."""
_INSIDE = frozenset(
    ("gone", "rev", "batch", "source", "sha256", "report", "seq", "coder", "on_uid", "place")
)
"""Columns that say nothing to readers."""

_CODES = Statement(sa.select(schema.code.c.id, schema.code.c.uid, schema.code.c.name))
_STAGES = Statement(sa.select(schema.stage.c.id, schema.stage.c.uid, schema.stage.c.facts))
_TEXT = Statement(sa.select(_F.c.version, _F.c.text).where(_F.c.id == sa.bindparam("it")))
_OLD = Statement(
    sa.select(_T.c.text).where(
        _T.c.feedback == sa.bindparam("it"), _T.c.version == sa.bindparam("the_version")
    )
)
_CODING = Statement(
    sa.select(
        schema.coding.c.feedback,
        schema.coding.c.version,
        schema.coding.c.start,
        schema.coding.c.stop,
    ).where(schema.coding.c.uid == sa.bindparam("it"))
)


def step_of(valence: float | None) -> str | None:
    """A valence on the coder's scale.

    >>> [step_of(value) for value in (-1, -0.5, 0, 0.55, None)]
    ['−2', '−1', '0', '+1.1', None]
    """
    if valence is None:
        return None
    text = f"{round(valence * 2, 2):+g}".replace("-", "−")
    return "0" if text in ("+0", "−0") else text


class Naming:
    """Words for what journalled rows hold, as stages and codes are called now."""

    def __init__(self, tx: Tx, language: str) -> None:
        self._tx, self._language = tx, language
        self._codes = {number: name for number, _, name in tx.all(_CODES)}
        self._code_keys = {key: name for _, key, name in tx.all(_CODES)}
        self._stages: dict[int, str] = {}
        self._stage_keys: dict[str, str] = {}
        for number, key, facts in tx.all(_STAGES):
            name = self._named(json.loads(facts).get("names", {})) or key
            self._stages[number] = self._stage_keys[key] = name
        self._texts: tuple[tuple[int, int], str] = ((0, 0), "")

    def _named(self, names: Mapping[str, str]) -> str | None:
        return names.get(self._language) or names.get("en") or next(iter(names.values()), None)

    def row(self, tbl: str, row: str, image: Image) -> str | None:
        """What a row is called."""
        if tbl == "coding":
            if "feedback" not in image:
                found = self._tx.one(_CODING, it=row)
                image = {} if found is None else dict(zip(_SPAN, found, strict=True))
            return self.passage(image)
        if tbl == "feedback":
            return short(image.get("text"))
        if tbl == "code":
            return image.get("name") or self._code_keys.get(row)
        if tbl == "stage":
            return self._stage_keys.get(row, row)
        if tbl == "note":
            return short(image.get("text"))
        if tbl == "document":
            return row.partition("/")[2]
        return image.get("name") or (None if tbl == "batch" else row)

    def passage(self, image: Mapping[str, Any]) -> str | None:
        """The words of a coding's image; None where the text is not there any more."""
        if "feedback" not in image:
            return None
        text = self._text(image["feedback"], image["version"])
        return short(text[image["start"] : image["stop"]]) if text else None

    def _text(self, feedback: int, version: int) -> str:
        if self._texts[0] != (feedback, version):
            now = self._tx.one(_TEXT, it=feedback)
            if now is None or now[0] != version:
                old = self._tx.one(_OLD, it=feedback, the_version=version)
                text = "" if old is None else old[0]
            else:
                text = now[1]
            self._texts = ((feedback, version), text)
        return self._texts[1]

    def fields(self, tbl: str, image: Image) -> dict[str, str | None]:
        """What a row says, in words; a field that is empty says nothing."""
        if tbl == "coding":
            return self._coding(image)
        said = {name: value for name, value in image.items() if name not in _INSIDE}
        if tbl == "stage":
            said.update(self._facts(said.pop("facts", "{}")))
            said["parent"] = self._stage_keys.get(said["parent"], said["parent"])
        elif tbl == "code":
            for name in ("parent", "merged_into"):
                said[name] = self._code_keys.get(said[name], said[name])
        elif tbl == "note":
            said["on"] = self._target(said.pop("on_kind"), image["on_uid"])
        elif tbl == "kpi":
            said["stage"] = self._stages.get(said["stage"])
            said["at"] = moment(said["at"])
        elif tbl == "document":
            said.pop("kind")
            said = json.loads(said["body"])
        elif tbl == "feedback":
            said["at"] = moment(said["at"])
            said["text"] = short(said["text"])
            said["speakers"] = speakers(said.pop("turns", ()))
        made = {name: written(value) for name, value in said.items()}
        if tbl in ("code", "stage"):
            # Where it stands among its neighbours is a change to be seen, if not a word.
            made["place"] = str(image["place"])
        return {name: value for name, value in made.items() if value is not None}

    def _coding(self, image: Image) -> dict[str, str | None]:
        codes = sorted(self._codes.get(code, "?") for code in image["codes"])
        said = {
            "passage": self.passage(image),
            "stage": self._stages.get(image["stage"]),
            "valence": step_of(image["valence"]),
            "codes": "; ".join(codes),
            "memo": image["memo"],
            "range": f"{image['start']}–{image['stop']}",
            "version": str(image["version"]),
        }
        return {name: value for name, value in said.items() if value}

    def _facts(self, text: str) -> dict[str, Any]:
        facts = json.loads(text)
        names = facts.pop("names", {})
        return {"name": self._named(names), "names": names, **facts}

    def _target(self, kind: str, uid: str) -> str:
        if kind == "study":
            return kind
        if kind == "coding":
            found = self._tx.one(_CODING, it=uid)
            words = None if found is None else self.passage(dict(zip(_SPAN, found, strict=True)))
            return f"{kind}: {words or uid}"
        known = {"code": self._code_keys, "stage": self._stage_keys}.get(kind, {})
        return f"{kind}: {known.get(uid, uid)}"


_SPAN = ("feedback", "version", "start", "stop")


def speakers(cut: Iterable[Sequence[Any]]) -> str | None:
    """Who speaks in a transcript and who that is, each once; None where nobody does.

    >>> speakers([(0, 4, "INT", None, "interviewer"), (5, 9, "P1", "ana", "respondent")])
    'INT: interviewer; P1: ana'
    """
    heard = {speaker: respondent or role for _, _, speaker, respondent, role in cut}
    return "; ".join(f"{speaker}: {who}" for speaker, who in heard.items()) or None


def short(text: str | None) -> str | None:
    """The beginning of a text, white space folded, so that it fits a table.

    >>> short("a\\n b" + "x" * 80)[-3:]
    'xx…'
    """
    if text is None:
        return None
    # A long interview is not split whole for its first words.
    folded = " ".join(text[: SHOWN * 8].split())
    cut = len(folded) > SHOWN or len(text) > SHOWN * 8
    return folded[:SHOWN] + "…" if cut else folded


def written(value: Any) -> str | None:
    """A value as words; None where there is none."""
    if value is None or value in ("", {}, []):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool | Mapping | list):
        return json.dumps(value, ensure_ascii=False)
    return f"{value:g}" if isinstance(value, float) else str(value)
