"""What the dashboard counts anew after a coding is what a map made from the beginning counts."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cjm_widgets as cjm
from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.live import Wanted
from cjm_widgets.model.journey import Journey, Stage
from cjm_widgets.study.dashboard import _Reader
from cjm_widgets.widgets.conversation import Conversation

TEXTS = 12
WANTED = Wanted("en", None)
STAGES = ("search", "buy", "pay", "cart", "use", None)


class Coders:
    """Two coders, and what a dashboard of the same study reads."""

    def __init__(self, study: cjm.Study) -> None:
        self.study = study
        self.reader = _Reader(study)
        self.desks = {
            name: Conversation(study._desk(name), lambda _: None) for name in ("ana", "ben")
        }

    def ask(self, coder: str, **fields: Any) -> dict[str, Any]:
        message = {"v": 1, "id": uuid.uuid4().hex, "session": "s", "do": "apply", **fields}
        answer: dict[str, Any] = self.desks[coder].answer({"op": uuid.uuid4().hex, **message})
        return answer

    def own(self, coder: str, nth: int) -> dict[str, Any] | None:
        rows = self.study.codings(coder).to_dict("records")
        return rows[nth % len(rows)] if rows else None

    def do(self, coder: str, what: str, text: int, body: dict[str, Any]) -> None:
        if what in ("undo", "redo"):
            self.ask(coder, act=what, expect=None)
        elif what == "code":
            whole = {"feedback": text, "start": 0, "stop": 9, **body}
            self.ask(coder, act=what, row=uuid.uuid4().hex, seen_version=1, body=whole)
        elif (row := self.own(coder, text)) is not None:
            told = {"row": row["uid"], "base": self.rev(row["uid"])}
            self.ask(coder, act=what, **told, **({"body": body} if what == "edit" else {}))

    def rev(self, uid: str) -> int:
        """The action that a coding's next edit builds on."""
        with self.study._store.base.bare() as tx:
            return int(tx.raw.execute(f"select rev from coding where uid = '{uid}'").fetchone()[0])

    def same(self) -> bool:
        """Whether both show the same, quotes and all."""
        return plain(self.reader.facts(WANTED)) == plain(self.study.map(filters=False).facts)


def plain(facts: JourneyMap) -> JourneyMap:
    return dataclasses.replace(facts, made=None)


@pytest.fixture(scope="module")
def coders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coders]:
    journey = Journey(
        "two",
        (
            Stage("search", {"en": "Search"}),
            Stage("buy", {"en": "Buy"}),
            Stage("pay", {"en": "Pay"}, parent="buy"),
            Stage("cart", {"en": "Cart"}, parent="buy"),
            Stage("use", {"en": "Use"}),
        ),
    )
    frame = pd.DataFrame(
        {
            "comment": [f"The parcel number {i} came late, says one of us." for i in range(TEXTS)],
            "who": [None if i % 5 == 0 else f"R{i % 4}" for i in range(TEXTS)],
            "channel": ["chat", "mail", None] * 4,
            "touchpoint": ["shop", None, "site", "site"] * 3,
        }
    )
    path: Path = tmp_path_factory.mktemp("living") / "two.cjm"
    with cjm.Study(path, journey=journey) as study:
        study.add(
            frame, text="comment", respondent="who", channel="channel", touchpoint="touchpoint"
        )
        study.add_code("Slow", kind="pain")
        study.add_code("Kind", kind="emotion")
        study.map(estimate="coded", filters=False)  # nothing is scored: the choice stays
        yield Coders(study)


BODY = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from(STAGES),
        "valence": st.sampled_from((None, -1.0, -0.5, 0.0, 0.5, 1.0)),
        "codes": st.lists(st.sampled_from(("slow", "kind")), unique=True),
        "memo": st.sampled_from(("", "a memo")),
        "stop": st.integers(4, 20),
    },
)
STEP = st.tuples(
    st.sampled_from(("ana", "ben")),
    st.sampled_from(("code", "code", "code", "edit", "edit", "remove", "undo", "redo")),
    st.integers(1, TEXTS),
    BODY,
)


@given(st.lists(STEP, min_size=1, max_size=6))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_coded_and_undone_the_figures_are_those_of_a_map_made_anew(
    coders: Coders, steps: list[tuple[str, str, int, dict[str, Any]]]
) -> None:
    assert coders.same()
    living = coders.reader._living
    assert living is not None
    for step in steps:
        coders.do(*step)
        assert coders.same()
    assert coders.reader._living is living, "nothing else was read again"


def test_what_is_no_coding_is_read_anew(coders: Coders) -> None:
    coders.do("ana", "code", 2, {"stage": "buy", "valence": 1.0})
    assert coders.same()
    living = coders.reader._living
    coders.study.note("goals", "buy", "Pay at once")
    assert coders.same()
    assert coders.reader._living is not living
    living = coders.reader._living
    coders.study.privacy(quotes="hide")
    assert coders.same()
    assert coders.reader._living is not living, "settings are in no journal"
    coders.study.privacy(quotes="show", minimum=3)
    assert coders.same()
    coders.study.privacy(minimum=1)
    uid = coders.study.codings("ana")["uid"].iloc[0]
    coders.study.pin(uid)
    coders.do("ben", "code", 3, {"stage": "buy", "valence": -1.0})
    assert coders.same()


def test_quotes_of_stages_that_nothing_touched_are_not_chosen_again(coders: Coders) -> None:
    coders.do("ana", "code", 4, {"stage": "search", "valence": -1.0})
    coders.do("ana", "code", 5, {"stage": "use", "valence": 1.0})
    before = {column.key: column for column in coders.reader.facts(WANTED).stages}
    coders.do("ana", "code", 6, {"stage": "use", "valence": 0.5})
    after = {column.key: column for column in coders.reader.facts(WANTED).stages}
    assert after["search"].quotes is before["search"].quotes
    assert after["use"].quotes_total == before["use"].quotes_total + 1
    assert after["use"].mean != before["use"].mean


def test_names_like_those_of_nobody_are_read_from_the_beginning(tmp_path: Path) -> None:
    frame = pd.DataFrame({"comment": ["It was late.", "It was fine."], "who": ["text 2", None]})
    with cjm.Study(tmp_path / "odd.cjm", journey="four") as study:
        study.add(frame, text="comment", respondent="who")
        study.map(estimate="coded", filters=False)
        coders = Coders(study)
        stage = next(iter(study.journey)).key
        assert coders.same()
        for text in (1, 2, 1):
            coders.do("ana", "code", text, {"stage": stage, "valence": 1.0})
            assert coders.same()
        assert coders.reader._living is None
