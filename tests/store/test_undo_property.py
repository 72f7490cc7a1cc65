"""Whatever was done before: undo brings back exactly what was there, redo exactly what was made.

Documents, changes of many codings, edits of the codebook, settled differences and imports of
transcripts whose speakers are told, in any order and mixed, with people forgotten in between; and
at every moment what is derived (counts, filters, speakers, the search) is what the rows say.
"""

from __future__ import annotations

import json
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from store_kit import desk, everything, feedback, new_place

from cjm_widgets.errors import CjmError
from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.desk import Op
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store
from cjm_widgets.store.contents import turns
from cjm_widgets.store.desks.apply import No
from cjm_widgets.store.desks.consensus import settle
from cjm_widgets.store.engine import schema
from cjm_widgets.store.history import reversal
from cjm_widgets.store.tables import facets, search
from cjm_widgets.text.turns import Speech

CODERS = st.sampled_from(["ana", "bob"])
CODES = st.sampled_from(["fees", "pains", "joy"])
ROWS = st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True)
TALKS = (
    "INT: Were the photos bad?\nAna: They were good.\nINT: Really?\nAna: Yes, lovely.",
    "Moderator: So?\nAna: Slow and bad.\nBo: It was lovely.\nAna: No.",
    "Just a comment, nobody speaks.",
)
OTHERS = (
    "INT: Were the photos bad?\nAna: They were quite good.\nAna: Yes, lovely.",
    "Moderator: So then?\nAna: Slow and bad.\nCleo: It was lovely.",
    "INT: Now a talk: yes.\nDan: No: never.\nINT: Oh?",
)
SPEECH = (
    None,
    None,
    Speech(("Ana",), {"Int": "dan"}),
    Speech(("Moderator",), {"Ana": "eve", "Bo": "bo-1"}),
    Speech(labels=("Just a comment", "really")),
)
"""What may be told about speakers; of texts that are there already too."""


class Undoing(RuleBasedStateMachine):
    """Each rule does something, undoes it and does it again."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store.open(self.place())
        self.store.set_journey(Journey.of("Search", "Buy"), "boss")
        self.store.set_codebook(Codebook(tuple(Code(k, k.title()) for k in KEYS)), "boss")
        self._add(list(TALKS), [None] * 3)
        self.n = 0

    def place(self) -> Any:
        return Path(self.folder.name) / "s.cjm"

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def _add(self, texts: list[str], ratings: list[Any], speech: Speech | None = None) -> None:
        stages = [None if one is None else "Buy" for one in ratings]
        rows = {"id": ["i1", "g1", "c1"], "respondent": ["ana", None, "cleo"]}
        channel = ["call", "mail", f"mail {len(texts[0]) % 3}"]
        valence = [float("nan") if one is None else one for one in ratings]
        frame = feedback(texts, stage=stages, valence=valence, channel=channel, **rows)
        self.store.add(self._unseen([frame]), source="talk", speech=speech)

    def _unseen(self, chunks: list[Any]) -> Iterator[Any]:
        """The chunks, between which an import is not to be seen."""
        before = there(self.store)
        yield from chunks
        same(there(self.store), before, "an import that is not finished")

    def _acts(self, actor: str, do: Callable[[], object]) -> None:
        before, seq = there(self.store), self.store.seq()
        try:
            do()
        except (CjmError, No):
            assert there(self.store) == before, "what was refused left something behind"
            return
        if self.store.seq() == seq:
            return
        after = there(self.store)
        self.store.undo(actor)
        same(there(self.store), before, "undo")
        self.store.redo(actor)
        same(there(self.store), after, "redo")

    def _op(self, coder: str, act: Any, row: str | None = None, **body: Any) -> None:
        self.n += 1
        op = Op(f"op{self.n}", act, row=row, body=body)
        self._acts(coder, lambda: desk(self.store, coder).apply(op))

    @rule(coder=CODERS, row=st.integers(0, 3), text=st.integers(1, 3), codes=st.sets(CODES))
    def code(self, coder: str, row: int, text: int, codes: set[str]) -> None:
        said = {"codes": sorted(codes), "stage": "Buy", "valence": 0.5}
        self._op(coder, "code", f"{coder}{row}", feedback=text, start=0, stop=9, **said)

    @rule(coder=CODERS, rows=ROWS, add=st.sets(CODES), off=st.sets(CODES), stage=st.booleans())
    def bulk(self, coder: str, rows: list[int], add: set[str], off: set[str], stage: bool) -> None:
        body: dict[str, Any] = {"add_codes": sorted(add), "remove_codes": sorted(off)}
        if stage:
            body["set"] = {"stage": "Search", "valence": None, "memo": "ü"}
        self._op(coder, "bulk", codings=[f"{coder}{row}" for row in rows], **body)

    @rule(coder=CODERS, rows=ROWS)
    def remove_many(self, coder: str, rows: list[int]) -> None:
        self._op(coder, "bulk", codings=[f"{coder}{row}" for row in rows], remove=True)

    @rule(coder=CODERS, one=CODES, other=CODES)
    def merge(self, coder: str, one: str, other: str) -> None:
        self._op(coder, "codebook", do="merge", code=one, into=other)

    @rule(coder=CODERS, code=CODES, do=st.sampled_from(["retire", "revive"]))
    def retire(self, coder: str, code: str, do: str) -> None:
        self._op(coder, "codebook", do=do, code=code)

    @rule(coder=CODERS, code=CODES, rows=ROWS)
    def split(self, coder: str, code: str, rows: list[int]) -> None:
        codings = {f"{coder}{row}": ["part"] for row in rows}
        self._op(coder, "codebook", do="split", code=code, into=["part"], codings=codings)

    @rule(uid=st.sampled_from("xy"), body=st.sampled_from([None, {"a": 1}, {"a": [None, "é"]}]))
    def document(self, uid: str, body: dict[str, Any] | None) -> None:
        if body is None:
            self._acts("ed", lambda: self.store.drop_document("persona", uid, "ed"))
        else:
            self._acts("ed", lambda: self.store.put_document("persona", uid, body, "ed"))

    @rule(text=st.integers(1, 3), how=st.sampled_from(["own", "undecided"]), again=st.booleans())
    def settle(self, text: int, how: str, again: bool) -> None:
        place = {"feedback": text, "version": 1, "start": 0, "stop": 9, "how": how}
        place |= {"chosen": "", "coders": ["ana", "bob"], "from": ["ana0", "bob0"]}
        said = [{"start": 0, "stop": 4, "codes": ["fees"]}] if how == "own" else []
        uid = f"place{text}" if again else uuid.uuid4().hex

        def do() -> None:
            with self.store.base.write() as tx:
                settle(tx, self.store_actor(tx, "zoe"), uuid.uuid4().hex, uid, place, said)

        self._acts("zoe", do)

    @staticmethod
    def store_actor(tx: Any, name: str) -> int:
        from cjm_widgets.store.tables import names

        return names.actor(tx, name)

    @rule(
        new=st.lists(st.booleans(), min_size=3, max_size=3),
        ratings=st.lists(st.sampled_from([None, None, -1.0, 0.5]), min_size=3, max_size=3),
        speech=st.sampled_from(SPEECH),
    )
    def texts(self, new: list[bool], ratings: list[Any], speech: Speech | None) -> None:
        told = [OTHERS[at] if other else TALKS[at] for at, other in enumerate(new)]
        before, seq = there(self.store), self.store.seq()
        self._add(told, ratings, speech)
        if self.store.seq() == seq:
            return
        after = there(self.store)
        try:
            self.store.undo("import")
        except CjmError:
            same(there(self.store), after, "a refused undo")
            return
        same(there(self.store), before, "undo of an import")
        self.store.redo("import")
        same(there(self.store), after, "redo of an import")

    @rule(who=st.sampled_from(["ana", "bob", "boss", "ed", "zoe"]), back=st.booleans())
    def turn_back(self, who: str, back: bool) -> None:
        before = there(self.store)
        try:
            (self.store.undo if back else self.store.redo)(who)
        except CjmError:
            assert there(self.store) == before, "what was refused left something behind"

    @rule(who=st.sampled_from(["ana", "cleo", "g1: Ana", "eve"]))
    def forget(self, who: str) -> None:
        try:
            self.store.forget(who, "boss")
        except CjmError:
            return
        path = self.store.base.path
        if who == "cleo" and path is not None:
            assert TALKS[2].encode() not in path.read_bytes()

    @invariant()
    def what_is_derived_is_what_the_rows_say(self) -> None:
        consistent(self.store)


KEYS = ("fees", "pains", "joy")


def there(store: Store) -> dict[str, Any]:
    """All rows that are there, and all that is derived from them."""
    absent = {"gone": 1, "rev": 0}
    rows = {row: image for row, image in everything(store).items() if image != absent}
    said = store.turns().to_dict("list")
    with store.base.read() as tx:
        old = tx.fetch(sa.select(schema.batch.c.uid, schema.batch.c.n))
        filters = tx.fetch(
            sa.select(schema.label.c.key, schema.label.c.value, schema.label.c.n).where(
                schema.label.c.n > 0
            )
        )
    shown = {row for row, image in rows.items() if row[0] == "batch" and not image["gone"]}
    batches = {uid: n for uid, n in old if ("batch", uid) in shown}
    away = {int(key[1]) for key, image in rows.items() if _hidden(store, key, image)}
    rows = {
        key: image
        for key, image in rows.items()
        if not (key[0] == "feedback" and int(key[1]) in away)
        and not (key[0] == "coding" and image["rev"] == 0 and image["feedback"] in away)
    }
    return {"rows": rows, "turns": said, "filters": Counter(map(tuple, filters)), "n": batches}


def _hidden(store: Store, key: tuple[str, str], image: dict[str, Any]) -> bool:
    """Whether a row is a text of an import that was undone: nobody sees it."""
    with store.base.read() as tx:
        return key[0] == "feedback" and image["batch"] in tx.hidden()


def same(one: dict[str, Any], other: dict[str, Any], what: str) -> None:
    for name in ("turns", "n"):
        assert json.dumps(one[name], default=str) == json.dumps(other[name], default=str), what
    for row in one["rows"].keys() | other["rows"].keys():
        assert one["rows"].get(row) == other["rows"].get(row), (what, row)


def consistent(store: Store) -> None:
    """Counts, filters and the search say what the rows say."""
    rows = everything(store)
    coding = {key[1]: image for key, image in rows.items() if key[0] == "coding"}
    live = [image for image in coding.values() if not image["gone"]]
    counted = Counter((image["coder"], image["feedback"]) for image in live)
    with store.base.read() as tx:
        p = schema.progress.c
        kept = tx.fetch(sa.select(p.coder, p.feedback, p.n).where(p.n != 0))
        assert {(coder, text): n for coder, text, n in kept} == dict(counted)
        bearing = [
            (label.key, label.value, text)
            for label in tx.fetch(sa.select(schema.label))
            for (text,) in tx.fetch(
                sa.select(schema.attribute.c.feedback).where(schema.attribute.c.label == label.id)
            )
        ]
        assert len(bearing) == len(set(bearing))
        numbers = Counter((key, value) for key, value, _ in bearing)
        told = {(row.key, row.value): row.n for row in tx.fetch(sa.select(schema.label)) if row.n}
        assert told == dict(numbers)
        texts = {int(key[1]): image for key, image in rows.items() if key[0] == "feedback"}
        due = [
            (key, value, text)
            for text, image in texts.items()
            for key, value in facets._values(image).items()
        ]
        assert sorted(due) == sorted(bearing)
        spoken = turns.stored(tx, None, past=True, hidden=True)
        for one in spoken:
            assert one.feedback in texts, "a turn of a text that is not there"
    store.index_words()
    with store.base.read() as tx:
        for text, image in texts.items():
            for word in search.words(image["text"])[:2]:
                match = (
                    "words MATCH :w" if tx.backend == "sqlite" else "body @@ CAST(:w AS tsquery)"
                )
                number = "rowid" if tx.backend == "sqlite" else "feedback"
                asked = sa.text(f"SELECT {number} FROM words WHERE {match}")
                found = {row[0] for row in tx.fetch(asked, w=search.wanted(tx, word))}
                assert text in found, word


class UndoingMany(Undoing):
    """As if every action were a large one, whose codings are read piece by piece."""

    def __init__(self) -> None:
        self.page, reversal.PAGE = reversal.PAGE, 1  # type: ignore[misc]
        super().__init__()

    def teardown(self) -> None:
        reversal.PAGE = self.page  # type: ignore[misc]
        super().teardown()


FEW = settings(
    max_examples=12, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)
TestUndoing, TestUndoingMany = Undoing.TestCase, UndoingMany.TestCase
TestUndoing.settings = TestUndoingMany.settings = FEW


@pytest.mark.postgres
def test_the_same_holds_on_postgresql(pg_server: str) -> None:
    class Elsewhere(UndoingMany):
        def place(self) -> Any:
            return new_place(pg_server)

    from hypothesis.stateful import run_state_machine_as_test

    few = settings(FEW, max_examples=4)
    run_state_machine_as_test(Elsewhere, settings=few)  # type: ignore[no-untyped-call]
