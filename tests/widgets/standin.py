"""A study in memory that fulfils the Desk protocol, with a real journal's undo and redo."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from standin_study import CODES, STAGES, Action, Book, Feedback, Study, absent, folded

from cjm_widgets.errors import UnknownName
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import (
    Changes,
    CodeItem,
    Filter,
    Item,
    Notice,
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

__all__ = ["CODES", "STAGES", "Action", "Feedback", "StandIn", "Study"]


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
            codes=self._panel(),
            filters=(
                Filter("channel", tuple(sorted({t.channel for t in self.study.texts}))),
                Filter(
                    "persona", tuple(sorted({t.persona for t in self.study.texts if t.persona}))
                ),
            ),
            bookmark=self.study.marks.get(self.coder, {}),
            top=self._top(),
        )

    def _panel(self) -> tuple[CodeItem, ...]:
        mine = self.study.live(self.coder)
        return tuple(
            CodeItem(
                key,
                name,
                kind,
                parent,
                definition,
                self.study.colours.get(key, ""),
                sum(key in r.codes for r in mine),
            )
            for key, name, kind, parent, definition in self.study.codes
            if key not in self.study.retired
        )

    def _fits(self, at: int, query: Query) -> bool:
        text = self.study.texts[at]
        coded = any(row.feedback == at for row in self.study.live(self.coder))
        if (query.status == "todo" and coded) or (query.status == "done" and not coded):
            return False
        words = folded(text.text)
        if not all(any(w.startswith(p) for w in words) for p in folded(query.search)):
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
        if op.act in ("undo", "redo"):
            receipt = self._turn(op)
        else:
            receipt = self._book(op) if op.act == "codebook" else self._write(op)
        if receipt.ok:
            self.study.receipts[op.op] = receipt
        return receipt

    def _refused(self, op: Op, why: Refusal) -> Receipt:
        return Receipt(
            False, op.op, self.study.seq, top=self._top(), why=why, say=f"stand-in: {why}"
        )

    def _book(self, op: Op) -> Receipt:
        """An edit of the codebook; moves and colours are kept as far as tests look at them."""
        body = dict(op.body)
        do = body.pop("do")
        codes = list(self.study.codes)
        before: Book = (self.study.codes, dict(self.study.rows))
        at = next((i for i, code in enumerate(codes) if code[0] == body.get("code")), None)
        if do == "add":
            if any(code[0] == body["key"] for code in codes):
                return self._refused(op, "invalid")
            kind, words = body.get("kind", "theme"), body.get("definition", "")
            codes.append((body["key"], body["name"], kind, body.get("parent"), words))
        elif at is None:
            return self._refused(op, "invalid")
        elif do == "change":
            key, name, kind, parent, words = codes[at]
            codes[at] = (
                key,
                body.get("name", name),
                body.get("kind", kind),
                parent,
                body.get("definition", words),
            )
            self.study.colours[key] = body.get("colour", self.study.colours.get(key, ""))
        elif do == "move":
            key, name, kind, _, words = codes.pop(at)
            keys = [code[0] for code in codes]
            place = keys.index(body["before"]) if body["before"] else len(codes)
            codes.insert(place, (key, name, kind, body["parent"], words))
        elif do == "merge":
            self.study.merged[codes.pop(at)[0]] = body["into"]
            self._recode({body["code"]: (body["into"],)})
        elif do == "split":
            _, _, kind, parent, _ = codes[at]
            codes[at + 1 : at + 1] = [
                (new["key"], new["name"], kind, parent, "") for new in body["into"]
            ]
            for uid, keys in body["codings"].items():
                self._recode({body["code"]: keys}, uid)
        elif do == "retire":
            self.study.retired.add(body["code"])
        else:
            self.study.retired.discard(body["code"])
        self.study.codes = tuple(codes)
        after: Book = (self.study.codes, dict(self.study.rows))
        seq = self.study.seq + 1
        for action in self.study.actions:
            if action.coder == self.coder and action.state == "undone":
                action.state = "dropped"
        labels = {"add": "add_code", "change": "change_code", "move": "move_code"}
        label = labels.get(do, f"{do}_code")
        self.study.actions.append(
            Action(seq, op.op, self.coder, label, None, None, books=(before, after))
        )
        return self._booked(op, seq, before, after)

    def _booked(self, op: Op, seq: int, before: Book, after: Book) -> Receipt:
        changed = tuple(
            row
            for uid, row in after[1].items()
            if row.coder == self.coder and before[1].get(uid) != row
        )
        return Receipt(True, op.op, seq, changed, False, self._top(), codes=self._panel())

    def _recode(self, into: dict[str, tuple[str, ...]], uid: str | None = None) -> None:
        for row in list(self.study.rows.values()):
            if uid in (None, row.uid) and any(code in into for code in row.codes):
                codes = [new for code in row.codes for new in into.get(code, (code,))]
                made = dataclasses.replace(
                    row, codes=tuple(dict.fromkeys(codes)), rev=self.study.seq + 1
                )
                self.study.rows[row.uid] = made

    def _rev(self, base: int | str | None) -> int | None:
        if isinstance(base, str):
            return next((a.seq for a in self.study.actions if a.op == base), None)
        return base

    def _write(self, op: Op) -> Receipt:
        assert op.row is not None
        body: dict[str, Any] = dict(op.body)
        notices = self._notices(body)
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
        return Receipt(True, op.op, seq, (after,), stale, self._top(), notices=notices)

    def _notices(self, body: dict[str, Any]) -> tuple[Notice, ...]:
        """What was merged gives way, what was retired is kept, and both are said."""
        merged, found = self.study.merged, []
        for code in body.get("codes", ()):
            if code in merged:
                found.append(Notice("merged", code, merged[code]))
            elif code in self.study.retired:
                found.append(Notice("retired", code))
        if "codes" in body:
            body["codes"] = tuple(merged.get(code, code) for code in body["codes"])
        return tuple(found)

    def _turn(self, op: Op) -> Receipt:
        mine = [a for a in self.study.actions if a.coder == self.coder]
        undo = op.act == "undo"
        found = [a for a in mine if a.state == ("done" if undo else "undone")]
        action = found[-1 if undo else 0] if found else None
        if action is None or (op.expect is not None and op.expect != action.op):
            return self._refused(op, "moved")
        if action.books is not None:
            return self._turn_book(op, action, action.books[0 if undo else 1])
        assert action.after is not None
        now = self.study.rows[action.after.uid]
        before = action.before or absent(action.after)
        if now.rev != (action.seq if undo else before.rev):
            return self._refused(op, "conflict")
        row = before if undo else action.after
        self.study.rows[row.uid] = row
        action.state = "undone" if undo else "done"
        seq = self.study.seq + 1
        self.study.actions.append(Action(seq, op.op, "", op.act, now, row, "turn"))
        return Receipt(True, op.op, seq, (row,), False, self._top())

    def _turn_book(self, op: Op, action: Action, book: Book) -> Receipt:
        before: Book = (self.study.codes, dict(self.study.rows))
        self.study.codes, self.study.rows = book[0], dict(book[1])
        if action.label == "retire_code":
            gone = {code[0] for code in book[0]} & self.study.retired
            self.study.retired -= gone
        action.state = "undone" if op.act == "undo" else "done"
        seq = self.study.seq + 1
        self.study.actions.append(Action(seq, op.op, "", op.act, None, None, "turn"))
        return self._booked(op, seq, before, book)

    def since(self, seq: int) -> Changes:
        self._ask("since")
        touched = {a.after.uid for a in self.study.actions if a.seq > seq and a.after}
        rows = tuple(
            self.study.rows[uid] for uid in touched if self.study.rows[uid].coder == self.coder
        )
        reopen, self.study.reopen = self.study.reopen, False
        return Changes(self.study.seq, rows, reopen, self._top())

    def mark(self, values: Mapping[str, Any]) -> None:
        self._ask("mark")
        self.study.marks.setdefault(self.coder, {}).update(values)
