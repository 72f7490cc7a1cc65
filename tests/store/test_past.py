"""The study as it was: whatever was done since, every past state can be had again."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from store_kit import TEXTS, desk, feedback

from cjm_widgets.errors import ArgumentError, CjmError, UnknownName
from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.desk import Op
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store
from cjm_widgets.store.engine import schema

CODERS = st.sampled_from(["ana", "bob"])
CODES = st.sampled_from(["fees", "pains", "joy", "new"])
ROWS = st.integers(0, 3)
MEMO_ON = ("code", "fees")


def state(store: Any) -> dict[str, Any]:
    """What a past state is compared by; of a Store and of a Past alike."""
    history = store.history()
    return {
        "codings": store.codings(),
        "codebook": store.codebook(),
        "journey": store.journey(),
        "history": history.drop(columns="rows"),
    }


def whole(store: Store) -> dict[str, Any]:
    """All that a copy of a past state is compared by."""
    texts = store.feedback_frame()
    with store.base.read() as tx:
        counted = sa.select(schema.progress).where(schema.progress.c.n > 0)
        shown = set(texts["feedback"])
        progress = sorted(tuple(row) for row in tx.fetch(counted) if row[1] in shown)
    return {
        **state(store),
        "rows": store.history()["rows"].tolist(),
        "texts": texts,
        "memos": store.memos(None, None, None),
        "notes": store.notes(),
        "kpis": store.kpis(),
        "personas": store.documents("persona"),
        "coders": store.coders(),
        "channels": store.attribute_values("channel"),
        "progress": progress,
        "seq": store.seq(),
    }


def kpi(stage: str | None, value: float) -> pd.DataFrame:
    """One figure by the contract KPIS."""
    nothing = {name: np.array([np.nan]) for name in ("n", "low", "high", "target")}
    words = {"kpi": "NPS", "stage": stage, "segment": None, "unit": None, "direction": "up"}
    told = {name: pd.array([word], dtype="str") for name, word in words.items()}
    at = np.array(["NaT"], dtype="datetime64[us]")
    return pd.DataFrame({**told, **nothing, "value": [value], "at": at})


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    for name, value in one.items():
        if isinstance(value, pd.DataFrame):
            pd.testing.assert_frame_equal(value, other[name], obj=name)
        else:
            assert value == other[name], name


class PastStates(RuleBasedStateMachine):
    """Anything people may do, and after each action a picture of what there was."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store.open(Path(self.folder.name) / "s.cjm")
        self.store.set_journey(Journey.of("Search", "Buy"), "boss")
        self.store.set_codebook(Codebook((Code("fees", "Fees"), Code("pains", "Pains"))), "boss")
        ids = pd.array([str(n) for n in range(len(TEXTS))], dtype="str")
        self.rows = {"id": ids, "stage": ["Buy", None] * 3, "valence": [-1.0, float("nan")] * 3}
        self.store.add([feedback(TEXTS, **self.rows)], source="s")
        self.kept: dict[int, dict[str, Any]] = {}
        self.n = 0
        self._keep()

    def _keep(self) -> None:
        self.kept[self.store.seq()] = whole(self.store)

    def teardown(self) -> None:
        for seq, kept in self.kept.items():
            same(state(self.store.at(seq)), kept)
        for seq in sorted(self.kept)[-1::-5]:  # a copy takes longer
            path = self.store.copy(Path(self.folder.name) / f"{seq}.cjm", at=seq)
            with Store.open(path) as then:
                same(whole(then), self.kept[seq])
        self.store.close()
        self.folder.cleanup()

    def _do(self, coder: str, act: str, row: str | None = None, **body: Any) -> None:
        self.n += 1
        desk(self.store, coder).apply(Op(f"op{self.n}", act, row=row, body=body))  # type: ignore[arg-type]
        self._keep()

    @rule(coder=CODERS, row=ROWS, text=st.integers(1, 6), code=CODES, much=st.booleans())
    def code(self, coder: str, row: int, text: int, code: str, much: bool) -> None:
        body: dict[str, Any] = {"codes": [code], "stage": "Buy"} if much else {"valence": -0.5}
        self._do(coder, "code", f"{coder}{row}", feedback=text, start=0, stop=2, **body)

    @rule(coder=CODERS, row=ROWS, stop=st.integers(1, 2), codes=st.lists(CODES, max_size=2))
    def edit(self, coder: str, row: int, stop: int, codes: list[str]) -> None:
        self._do(coder, "edit", f"{coder}{row}", stop=stop, codes=codes, stage=None)

    @rule(coder=CODERS, row=ROWS)
    def remove(self, coder: str, row: int) -> None:
        self._do(coder, "remove", f"{coder}{row}")

    @rule(coder=CODERS, act=st.sampled_from(["undo", "redo", "undo"]))
    def turn_back(self, coder: str, act: str) -> None:
        self._do(coder, act)

    @rule(coder=CODERS, rows=st.lists(ROWS, min_size=1, max_size=3), gone=st.booleans())
    def bulk(self, coder: str, rows: list[int], gone: bool) -> None:
        body: dict[str, Any] = {"remove": True} if gone else {"add_codes": ["pains"]}
        self._do(coder, "bulk", codings=[f"{coder}{row}" for row in rows], **body)

    @rule(coder=CODERS, do=st.sampled_from(["retire", "revive", "add"]), code=CODES)
    def codes(self, coder: str, do: str, code: str) -> None:
        body = {"name": code, "key": code} if do == "add" else {"code": code}
        self._do(coder, "codebook", do=do, **body)

    @rule(coder=CODERS, one=CODES, other=CODES)
    def merge(self, coder: str, one: str, other: str) -> None:
        self._do(coder, "codebook", do="merge", code=one, into=other)

    @rule(coder=CODERS, one=CODES, parent=CODES | st.none())
    def move(self, coder: str, one: str, parent: str | None) -> None:
        self._do(coder, "codebook", do="move", code=one, parent=parent)

    @rule(coder=CODERS, code=CODES, rows=st.lists(ROWS, max_size=2))
    def split(self, coder: str, code: str, rows: list[int]) -> None:
        codings = {f"{coder}{row}": ["part"] for row in rows}
        self._do(coder, "codebook", do="split", code=code, into=["part"], codings=codings)

    @rule(
        word=st.sampled_from(["why?", "☕"]), on=st.sampled_from([("text", "2"), ("code", "fees")])
    )
    def memo(self, word: str, on: tuple[str, str]) -> None:
        try:
            self.store.add_memo(on, word, "boss")
        except UnknownName:
            return  # the code is gone just now
        self._keep()

    @rule(value=st.sampled_from([1.0, 2.0]), stage=st.sampled_from(["buy", None]))
    def figure(self, value: float, stage: str | None) -> None:
        self.store.add_kpis(kpi(stage, value), "boss")
        self._keep()

    @rule(name=st.sampled_from(["Ana", "Bob"]))
    def persona(self, name: str) -> None:
        self.store.put_document("persona", "p", {"name": name}, "boss")
        self._keep()

    @rule(names=st.lists(st.sampled_from(["Search", "Use"]), unique=True))
    def journey(self, names: list[str]) -> None:
        self.store.set_journey(Journey.of(*names, "Buy"), "boss")
        self._keep()

    @rule(word=st.sampled_from(["again", "☕ anew"]), source=st.sampled_from(["s", "t"]))
    def texts(self, word: str, source: str) -> None:
        words = [TEXTS[0], word, *TEXTS[2:]]
        channels = ["mail", word, None] * 2
        self.store.add([feedback(words, **self.rows, channel=channels)], source=source)
        self._keep()

    @rule(actor=st.sampled_from(["boss", "import"]), kind=st.sampled_from(["undo", "redo"]))
    def turn_back_what_others_use(self, actor: str, kind: str) -> None:
        try:
            getattr(self.store, kind)(actor)
        except CjmError:
            return  # somebody uses it, or there is nothing
        self._keep()


TestPast = PastStates.TestCase
TestPast.settings = settings(
    max_examples=25,
    stateful_step_count=18,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_a_past_state_is_had_by_number_and_by_time_on_both_engines(study: Store) -> None:
    ana = desk(study, "ana")
    body = {"feedback": 2, "start": 0, "stop": 8, "codes": ["fees"], "valence": -1.0}
    first = ana.apply(Op("a", "code", row="a", body=body))
    then = state(study)
    at = study.time_of(first.seq)
    assert at is not None
    assert ana.apply(Op("b", "edit", row="a", base=first.seq, body={"codes": [], "stop": 3})).ok
    study.add([feedback(TEXTS, channel=["mail", "call"] * 3)], source="more.csv")
    study.edit_codebook({"do": "retire", "code": "fees"}, "ed")
    same(then, state(study.at(first.seq)))
    assert study.seq_at(at) == first.seq
    assert study.at(first.seq).codings()["passage"].tolist() == ["Paiement"]
    assert study.codings()["passage"].tolist() == ["Pai"]
    empty = study.at(0)
    assert len(empty.codings()) == len(empty.codebook()) == len(empty.history()) == 0
    assert len(empty.journey()) == 0
    assert study.seq_at(at - 10**12) == 0


def test_what_an_import_brought_back_is_as_old_as_it_was_then(study: Store) -> None:
    rows = {"id": pd.array(["x", "y"], dtype="str"), "stage": ["Buy", None]}
    study.add([feedback(["one", "two"], **rows)], source="r")
    then, seq = state(study), study.seq()
    study.undo("import")
    study.add([feedback(["one", "two"], **rows)], source="r")
    same(then, state(study.at(seq)))


def test_an_id_that_named_another_passage_then_is_told_as_it_was(study: Store) -> None:
    ana, bob = desk(study, "ana"), desk(study, "bob")
    assert ana.apply(Op("a", "code", row="r", body=_body(3))).ok
    assert ana.apply(Op("b", "code", row="s", body=_body(2))).ok
    then, seq = state(study), study.seq()
    assert ana.apply(Op("c", "undo")).ok
    assert ana.apply(Op("d", "undo")).ok
    assert bob.apply(Op("e", "code", row="r", body=_body(1))).ok
    same(then, state(study.at(seq)))
    assert study.at(seq).codings("ana")["uid"].tolist() == ["s", "r"]
    assert study.at(seq).codings("bob").empty


def test_a_number_the_journal_does_not_have_is_refused(store: Store) -> None:
    for seq in (-1, 1):
        with pytest.raises(ArgumentError, match="from 0"):
            store.at(seq)


def test_only_touched_rows_are_read_from_the_journal(study: Store) -> None:
    ana = desk(study, "ana")
    for n in range(1, 7):
        assert ana.apply(Op(f"o{n}", "code", row=f"r{n}", body=_body(n))).ok
    last = study.seq()
    from cjm_widgets.store.contents import past

    with study.base.read() as tx:
        assert [row for row, _ in past.before(tx, "coding", last - 1)] == ["r6"]
        assert list(past.before(tx, "coding", last)) == []


def _body(text: int) -> dict[str, Any]:
    return {"feedback": text, "start": 0, "stop": 1}
