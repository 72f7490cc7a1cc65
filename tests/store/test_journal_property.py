"""The journal against a model that fits on a page, with two coders and two kernels."""

from __future__ import annotations

import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from store_kit import TEXTS, desk, feedback

from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.desk import Op
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store

CODERS = st.sampled_from(["ana", "bob"])
KERNELS = st.integers(0, 1)
NAMES = st.sampled_from([f"r{i}" for i in range(4)])
SAYS = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from(["Search", "Buy", None]),
        "valence": st.sampled_from([-1.0, 0.0, 0.5, None]),
        "codes": st.lists(st.sampled_from(["fees", "pains"]), unique=True),
        "memo": st.sampled_from(["", "é", "👩‍👧"]),
    },
)
Row = dict[str, Any]


class Model:
    """What one coder's codings are, and how they came to be so."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.done: list[tuple[str, Row | None, Row | None]] = []
        self.undone: list[tuple[str, Row | None, Row | None]] = []

    def put(self, name: str, row: Row | None) -> None:
        change = (name, deepcopy(self.rows.get(name)), deepcopy(row))
        self.done.append(change)
        self.undone.clear()
        self._set(name, row)

    def _set(self, name: str, row: Row | None) -> None:
        if row is None:
            self.rows.pop(name, None)
        else:
            self.rows[name] = deepcopy(row)

    def undo(self) -> bool:
        if not self.done:
            return False
        change = self.done.pop()
        self._set(change[0], change[1])
        self.undone.append(change)
        return True

    def redo(self) -> bool:
        if not self.undone:
            return False
        change = self.undone.pop()
        self._set(change[0], change[2])
        self.done.append(change)
        return True


class Journal(RuleBasedStateMachine):
    """Anything coders may do, in any order, from either of two kernels."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        place = Path(self.folder.name) / "s.cjm"
        self.stores = [Store.open(place), Store.open(place)]
        self.stores[0].set_journey(Journey.of("Search", "Buy"), "boss")
        self.stores[0].set_codebook(Codebook((Code("fees", "F"), Code("pains", "P"))), "boss")
        self.stores[0].add([feedback(TEXTS)], source="s")
        self.desks = {(c, k): desk(self.stores[k], c) for c in ("ana", "bob") for k in (0, 1)}
        self.models = {"ana": Model(), "bob": Model()}
        self.last: dict[str, tuple[Op, Any]] = {}
        self.n = 0

    def teardown(self) -> None:
        for store in self.stores:
            store.close()
        self.folder.cleanup()

    def _do(self, coder: str, kernel: int, act: str, row: str | None = None, **body: Any) -> Any:
        self.n += 1
        op = Op(f"op{self.n}", act, row=None if row is None else f"{coder}-{row}", body=body)  # type: ignore[arg-type]
        receipt = self.desks[coder, kernel].apply(op)
        if receipt.ok:
            self.last[coder] = (op, receipt)
        return receipt

    @rule(coder=CODERS, kernel=KERNELS, name=NAMES, text=st.integers(1, 6), says=SAYS)
    def code(self, coder: str, kernel: int, name: str, text: int, says: Row) -> None:
        model = self.models[coder]
        receipt = self._do(coder, kernel, "code", name, feedback=text, start=0, stop=2, **says)
        assert receipt.ok == (name not in model.rows), receipt.say
        if receipt.ok:
            blank = {"stage": None, "valence": None, "codes": [], "memo": "", "gone": False}
            model.put(name, {**blank, **says, "feedback": text, "start": 0, "stop": 2})

    @rule(coder=CODERS, kernel=KERNELS, name=NAMES, says=SAYS)
    def edit(self, coder: str, kernel: int, name: str, says: Row) -> None:
        model = self.models[coder]
        live = name in model.rows and not model.rows[name]["gone"]
        receipt = self._do(coder, kernel, "edit", name, **says)
        assert receipt.ok == live, receipt.say
        if live:
            model.put(name, {**model.rows[name], **says})

    @rule(coder=CODERS, kernel=KERNELS, name=NAMES)
    def remove(self, coder: str, kernel: int, name: str) -> None:
        model = self.models[coder]
        live = name in model.rows and not model.rows[name]["gone"]
        assert self._do(coder, kernel, "remove", name).ok == live
        if live:
            model.put(name, {**model.rows[name], "gone": True})

    @rule(coder=CODERS, kernel=KERNELS)
    def undo(self, coder: str, kernel: int) -> None:
        assert self._do(coder, kernel, "undo").ok == self.models[coder].undo()

    @rule(coder=CODERS, kernel=KERNELS)
    def redo(self, coder: str, kernel: int) -> None:
        assert self._do(coder, kernel, "redo").ok == self.models[coder].redo()

    @rule(coder=CODERS, kernel=KERNELS)
    def again(self, coder: str, kernel: int) -> None:
        if coder in self.last:
            op, receipt = self.last[coder]
            repeated = self.desks[coder, kernel].apply(op)
            assert (repeated.ok, repeated.seq, repeated.rows) == (True, receipt.seq, receipt.rows)

    @invariant()
    def both_kernels_show_what_the_model_says(self) -> None:
        for (coder, _), made in self.desks.items():
            shown = {}
            for text in range(1, 7):
                for c in made.text(text).codings:
                    shown[c.uid.removeprefix(f"{coder}-")] = {
                        "feedback": c.feedback,
                        "start": c.start,
                        "stop": c.stop,
                        "stage": c.stage,
                        "valence": c.valence,
                        "codes": list(c.codes),
                        "memo": c.memo,
                        "gone": False,
                    }
            model = self.models[coder]
            wanted = {n: {**r, "codes": sorted(r["codes"])} for n, r in model.rows.items()}
            assert shown == {n: r for n, r in wanted.items() if not r["gone"]}
            opening = made.open()
            assert (opening.top.undo is None, opening.top.redo is None) == (
                not model.done,
                not model.undone,
            )
            assert opening.done == len({r["feedback"] for r in shown.values()})


TestJournal = Journal.TestCase
TestJournal.settings = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
