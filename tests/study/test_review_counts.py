"""Differences are counted once, then kept up with what the journal says: the same either way."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cjm_widgets.errors import CjmError
from cjm_widgets.model.desk import Op
from cjm_widgets.store import StoreDesk
from cjm_widgets.store.desks import differing
from cjm_widgets.study import Study
from cjm_widgets.study.coding.review_counts import DifferenceCounts
from cjm_widgets.study.coding.review_desk import StoreReview

CODERS = ("ana", "ben", "cleo")
TEXTS = ["The checkout failed twice and nobody told me.", "Quick delivery.", "It was fine, fine."]
WHO = st.sampled_from(CODERS)
ROW = st.integers(0, 3)
ACTS = st.one_of(
    st.tuples(
        st.just("code"), WHO, ROW, st.integers(1, 3), st.integers(0, 9), st.integers(1, 9),
        st.sampled_from(["Buy", "Use", None]), st.sampled_from([None, -1.0, 0.25, 0.5]),
        st.lists(st.sampled_from(["fees", "joy"]), max_size=2),
    ),
    st.tuples(st.sampled_from(["remove", "undo", "redo"]), WHO, ROW),
    st.tuples(st.just("settle"), st.integers(0, 3), st.sampled_from(["coder", "own", "undecided"])),
    st.tuples(st.just("unsettle")),
    st.tuples(st.just("merge"), st.sampled_from(["fees", "joy"]), st.sampled_from(["fees", "joy"])),
    st.tuples(st.just("texts"), st.sampled_from(["", " Again."])),
    st.tuples(st.just("forget"), st.integers(0, 2)),
    st.tuples(st.just("undo import")),
)  # fmt: skip


def made(folder: Path) -> Study:
    study = Study(folder / "s.cjm", journey=["Buy", "Use"])
    study.add_code("Fees", key="fees")
    study.add_code("Joy", key="joy")
    add(study, "")
    return study


def add(study: Study, more: str) -> None:
    told = [*TEXTS[:2], TEXTS[2] + more]
    frame = pd.DataFrame({"id": ["a", "b", "c"], "who": ["p", "q", "r"], "comment": told})
    study.add(frame, text="comment", id="id", respondent="who", name="shop")


def do(study: Study, reviews: list[StoreReview], n: int, act: tuple[Any, ...]) -> None:
    kind, *rest = act
    if kind == "code":
        who, row, text, start, long, stage, valence, codes = rest
        body = {"feedback": text, "start": start, "stop": start + long, "codes": codes}
        body |= {"stage": stage, "valence": valence}
        desk = StoreDesk(study._store, who)
        known = desk.apply(Op(f"e{n}", "edit", row=f"{who}{row}", body={**body, "base": None}))
        if not known.ok:
            desk.apply(Op(f"o{n}", "code", row=f"{who}{row}", body=body))
    elif kind in ("remove", "undo", "redo"):
        StoreDesk(study._store, rest[0]).apply(Op(f"o{n}", kind, row=f"{rest[0]}{rest[1]}"))
    elif kind == "settle":
        settle(reviews[n % len(reviews)], n, *rest)
    elif kind == "unsettle":
        reviews[0].apply(Op(f"o{n}", "undo"))
    elif kind == "merge":
        study.merge_codes(rest[0], into=rest[1])
    elif kind == "texts":
        add(study, rest[0])
    elif kind == "forget":
        study.forget(["p", "q", "r"][rest[0]])
    else:
        study.undo("import")


def settle(review: StoreReview, n: int, at: int, how: str) -> None:
    cases = review.cases("all").items
    if not cases:
        return
    sheet = review.sheet(cases[at % len(cases)].id)
    place = next(one for one in sheet.places if review.on in one.differs)
    chosen = next((s.coder for s in place.sides if s.codings), "") if how == "coder" else ""
    body = {"feedback": sheet.sheet.id, "place": place.id, "how": how, "chosen": chosen}
    row = place.settled.uid if place.settled else f"s{n}"
    review.apply(Op(f"o{n}", "code", row=row, seen_version=sheet.sheet.version, body=body))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ACTS, max_size=14))
def test_counts_kept_up_are_counts_taken_anew_and_those_of_each_text(acts: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder, made(Path(folder)) as study:
        reviews = [
            StoreReview(study._store, "zoe", CODERS, on, lambda frame: frame)
            for on in ("stage", "valence", "codes")
        ]
        for n, act in enumerate(acts):
            try:
                do(study, reviews, n, act)
            except CjmError:
                continue
            for review in reviews:
                kept = review._counted()
                fresh = DifferenceCounts(study._store.base, CODERS, review.on)
                assert kept == fresh.now(), (review.on, act)
                fresh._counts = {}
                with study._store.base.read() as tx:
                    assert kept == fresh._with(tx, {1, 2, 3}), (review.on, act)


def test_one_write_counts_one_text_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with made(tmp_path) as study:
        counts = DifferenceCounts(study._store.base, CODERS, "stage")
        for who in ("ana", "ben"):
            body = {"feedback": 2, "start": 0, "stop": 5, "stage": "Buy"}
            StoreDesk(study._store, who).apply(Op(who, "code", row=who, body=body))
        assert counts.now() == {}
        monkeypatch.setattr(DifferenceCounts, "_all", lambda *_: pytest.fail("all were counted"))
        body = {"stage": "Use", "start": 0, "stop": 5}
        assert StoreDesk(study._store, "ben").apply(Op("e", "edit", row="ben", body=body)).ok
        assert counts.now() == {2: (1, 1)}


def test_what_the_journal_does_not_tell_is_counted_anew(tmp_path: Path) -> None:
    with made(tmp_path) as study, study._store.base.read() as tx:
        assert differing.touched(tx, 0, study._store.seq()) is None, "an import came"
        assert differing.touched(tx, study._store.seq(), study._store.seq() + 1) is None
