"""A study in memory that fulfils the Desk protocol, with a real journal's undo and redo."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cjm_widgets.errors import CjmError, UnknownName
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import (
    Changes,
    CodeItem,
    Filter,
    Item,
    Op,
    Opening,
    Page,
    Query,
    Receipt,
    Refusal,
    Sheet,
    StageItem,
    Step,
    Top,
)
from cjm_widgets.text.sentences import sentences

STAGES = (
    ("discovery", "Discovery", "Découverte"),
    ("consideration", "Consideration", "Considération"),
    ("decision", "Decision", "Décision"),
    ("purchase", "Purchase", "Achat"),
    ("use", "Use and service", "Usage et service"),
    ("advocacy", "Advocacy", "Recommandation"),
)
CODES = (
    ("payment-page", "payment page", "touchpoint", None, "The page where the customer pays"),
    ("adviser", "adviser", "touchpoint", None, "A person in a shop or on the phone"),
    ("payment-failed", "payment failed", "pain", None, "A payment was refused or broke off"),
    ("3ds", "3-D Secure loop", "pain", "payment-failed", "The bank's page comes back again"),
    ("forced-account", "forced account", "pain", None, "No purchase without an account"),
    ("late", "late delivery", "pain", None, ""),
    ("relief", "relief", "emotion", None, ""),
    ("anger", "anger", "emotion", None, ""),
    ("guest", "guest checkout", "opportunity", None, ""),
)


@dataclass
class Feedback:
    text: str
    title: str = ""
    channel: str = "survey"
    language: str = "en"
    persona: str = ""
    version: int = 1


@dataclass
class Action:
    seq: int
    op: str
    coder: str
    label: str
    before: Coding | None
    after: Coding
    state: str = "done"


def _absent(row: Coding) -> Coding:
    return dataclasses.replace(row, gone=True, rev=0)


def _fold(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain).split()


@dataclass
class Study:
    """Texts, codings and a journal, shared by the desks of its coders."""

    texts: list[Feedback]
    stages: tuple[tuple[str, str, str], ...] = STAGES
    codes: tuple[tuple[str, str, str, str | None, str], ...] = CODES
    rows: dict[str, Coding] = field(default_factory=dict)
    actions: list[Action] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    marks: dict[str, dict[str, Any]] = field(default_factory=dict)
    refuse: Refusal | None = None
    failing: CjmError | None = None
    asked: list[str] = field(default_factory=list)
    reopen: bool = False

    @property
    def seq(self) -> int:
        return len(self.actions)

    def live(self, coder: str) -> list[Coding]:
        return sorted(
            (row for row in self.rows.values() if row.coder == coder and not row.gone),
            key=lambda row: (row.feedback, row.start, -row.stop, row.uid),
        )


class StandIn:
    """One coder's desk on such a study."""

    def __init__(self, study: Study, coder: str = "ana") -> None:
        self.study, self.coder = study, coder

    def _ask(self, what: str) -> None:
        self.study.asked.append(what)
        if self.study.failing is not None:
            raise self.study.failing

    def open(self) -> Opening:
        self._ask("open")
        mine = self.study.live(self.coder)
        return Opening(
            study="standin",
            name="Entretiens onboarding",
            coder=self.coder,
            language="fr",
            seq=self.study.seq,
            total=len(self.study.texts),
            done=len({row.feedback for row in mine}),
            stages=tuple(
                StageItem(key, {"en": en, "fr": fr}, None, sum(r.stage == key for r in mine))
                for key, en, fr in self.study.stages
            ),
            codes=tuple(
                CodeItem(key, name, kind, parent, definition, "", sum(key in r.codes for r in mine))
                for key, name, kind, parent, definition in self.study.codes
            ),
            filters=(
                Filter("channel", tuple(sorted({t.channel for t in self.study.texts}))),
                Filter(
                    "persona", tuple(sorted({t.persona for t in self.study.texts if t.persona}))
                ),
            ),
            bookmark=self.study.marks.get(self.coder, {}),
            top=self._top(),
        )

    def _fits(self, at: int, query: Query) -> bool:
        text = self.study.texts[at]
        coded = any(row.feedback == at for row in self.study.live(self.coder))
        if (query.status == "todo" and coded) or (query.status == "done" and not coded):
            return False
        words = _fold(text.text)
        if not all(any(w.startswith(p) for w in words) for p in _fold(query.search)):
            return False
        return all(getattr(text, key, None) == value for key, value in query.filters.items())

    def _item(self, at: int) -> Item:
        text = self.study.texts[at]
        mine = [row for row in self.study.live(self.coder) if row.feedback == at]
        return Item(
            id=at,
            pos=at,
            title=text.title or f"R-{at + 1:03}",
            channel=text.channel,
            language=text.language,
            preview=" ".join(text.text.split())[:160],
            stages=tuple(dict.fromkeys(row.stage for row in mine if row.stage)),
            n=len(mine),
        )

    def _page(self, places: list[int], fitting: list[int]) -> Page:
        if not places:
            return Page((), None, None)
        return Page(
            tuple(self._item(at) for at in places),
            places[0] if fitting[0] < places[0] else None,
            places[-1] if fitting[-1] > places[-1] else None,
        )

    def page(
        self, query: Query, *, after: int | None = None, before: int | None = None, limit: int = 30
    ) -> Page:
        self._ask("page")
        fitting = [at for at in range(len(self.study.texts)) if self._fits(at, query)]
        if before is not None:
            return self._page([at for at in fitting if at < before][-limit:], fitting)
        return self._page([at for at in fitting if after is None or at > after][:limit], fitting)

    def around(self, query: Query, pos: int, limit: int = 30) -> Page:
        self._ask("around")
        fitting = [at for at in range(len(self.study.texts)) if self._fits(at, query)]
        begin = max((i for i, at in enumerate(fitting) if at <= pos), default=0)
        return self._page(fitting[begin : begin + limit], fitting)

    def next(self, query: Query, pos: int) -> Item | None:
        self._ask("next")
        places = range(pos + 1, len(self.study.texts))
        return next((self._item(at) for at in places if self._fits(at, query)), None)

    def text(self, id: int) -> Sheet:
        self._ask("text")
        if not 0 <= id < len(self.study.texts):
            raise UnknownName("text", id)
        text = self.study.texts[id]
        attributes = [("channel", text.channel), ("persona", text.persona)]
        return Sheet(
            id=id,
            pos=id,
            version=text.version,
            title=text.title or f"R-{id + 1:03}",
            text=text.text,
            language=text.language,
            attributes=tuple((name, value) for name, value in attributes if value),
            sentences=tuple(sentences(text.text, text.language)),
            codings=tuple(r for r in self.study.live(self.coder) if r.feedback == id),
        )

    # -- writing

    def _top(self) -> Top:
        mine = [action for action in self.study.actions if action.coder == self.coder]
        done = [a for a in mine if a.state == "done"]
        undone = [a for a in mine if a.state == "undone"]
        return Top(
            Step(done[-1].op, done[-1].label) if done else None,
            Step(undone[0].op, undone[0].label) if undone else None,
        )

    def apply(self, op: Op) -> Receipt:
        self._ask(f"apply:{op.act}")
        if op.op in self.study.receipts:
            return self.study.receipts[op.op]
        if self.study.refuse is not None:
            return self._refused(op, self.study.refuse)
        receipt = self._turn(op) if op.act in ("undo", "redo") else self._write(op)
        if receipt.ok:
            self.study.receipts[op.op] = receipt
        return receipt

    def _refused(self, op: Op, why: Refusal) -> Receipt:
        return Receipt(
            False, op.op, self.study.seq, top=self._top(), why=why, say=f"stand-in: {why}"
        )

    def _rev(self, base: int | str | None) -> int | None:
        if isinstance(base, str):
            return next((a.seq for a in self.study.actions if a.op == base), None)
        return base

    def _write(self, op: Op) -> Receipt:
        assert op.row is not None
        body: dict[str, Any] = dict(op.body)
        now = self.study.rows.get(op.row)
        seq = self.study.seq + 1
        if op.act == "code":
            if now is not None:
                return self._refused(op, "invalid")
            after = Coding(
                uid=op.row, coder=self.coder, version=op.seen_version or 1, rev=seq, **body
            )
        else:
            if now is None or now.coder != self.coder:
                return self._refused(op, "invalid")
            if now.gone or now.rev != self._rev(op.base):
                return self._refused(op, "conflict")
            after = dataclasses.replace(now, **body, gone=op.act == "remove", rev=seq)
        for action in self.study.actions:
            if action.coder == self.coder and action.state == "undone":
                action.state = "dropped"
        self.study.rows[op.row] = after
        self.study.actions.append(Action(seq, op.op, self.coder, op.act, now, after))
        stale = after.version != self.study.texts[after.feedback].version
        return Receipt(True, op.op, seq, (after,), stale, self._top())

    def _turn(self, op: Op) -> Receipt:
        mine = [a for a in self.study.actions if a.coder == self.coder]
        undo = op.act == "undo"
        found = [a for a in mine if a.state == ("done" if undo else "undone")]
        action = found[-1 if undo else 0] if found else None
        if action is None or (op.expect is not None and op.expect != action.op):
            return self._refused(op, "moved")
        now = self.study.rows[action.after.uid]
        before = action.before or _absent(action.after)
        if now.rev != (action.seq if undo else before.rev):
            return self._refused(op, "conflict")
        row = before if undo else action.after
        self.study.rows[row.uid] = row
        action.state = "undone" if undo else "done"
        seq = self.study.seq + 1
        self.study.actions.append(Action(seq, op.op, "", op.act, now, row, "turn"))
        return Receipt(True, op.op, seq, (row,), False, self._top())

    def since(self, seq: int) -> Changes:
        self._ask("since")
        touched = {a.after.uid for a in self.study.actions if a.seq > seq}
        rows = tuple(
            self.study.rows[uid] for uid in touched if self.study.rows[uid].coder == self.coder
        )
        reopen, self.study.reopen = self.study.reopen, False
        return Changes(self.study.seq, rows, reopen, self._top())

    def mark(self, values: Mapping[str, Any]) -> None:
        self._ask("mark")
        self.study.marks.setdefault(self.coder, {}).update(values)
