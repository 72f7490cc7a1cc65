"""Codings, texts and predicted places as whole columns, the same on both engines."""

from __future__ import annotations

import math

import pandas as pd
from store_kit import feedback

from cjm_widgets.model.coding import Coding
from cjm_widgets.store import Store
from cjm_widgets.store.engine import arrays


def _coding(uid: str, text: int, stage: str | None, valence: float | None, **more) -> Coding:
    whole = {"version": 1, "start": 0, "stop": 3, "coder": "ana", "codes": ()}
    return Coding(uid=uid, feedback=text, stage=stage, valence=valence, **{**whole, **more})


def test_marks_are_the_codings_without_their_words(study: Store) -> None:
    stages = [stage.key for stage in study.journey()]
    study.add_codings(
        [
            _coding("a" * 32, 2, stages[0], -0.5),
            _coding("b" * 32, 1, stages[1], None, coder="ben"),
            _coding("c" * 32, 1, None, 0.25, start=1),
        ]
    )
    full = study.codings().set_index("uid")
    found = study.marks(places=True)
    assert found["feedback"].is_monotonic_increasing
    numbers = study.coding_numbers(full.index)
    for uid, number in numbers.items():
        [row] = found[found["coding"] == number].to_dict("records")
        for name in ("feedback", "start", "stop", "coder", "stage", "respondent", "version"):
            one, other = row[name], full.loc[uid, name]
            assert one == other or (pd.isna(one) and pd.isna(other)), name
        valence = full.loc[uid, "valence"]
        assert row["valence"] == valence or math.isnan(row["valence"]) == math.isnan(valence)
    assert study.passages() == len(found) == len(full)
    assert study.marks({stages[0]})["stage"].notna().sum() == 1
    quoted = study.quoted(found["coding"]).set_index("uid")
    for name in ("passage", "memo", "source", "source_id"):
        assert quoted[name].to_dict() == full[name].to_dict()
    one = found[found["feedback"] == 1].reset_index(drop=True)
    pd.testing.assert_frame_equal(study.marks(places=True, texts=[1, 7]), one)


def test_an_undone_import_is_in_no_column(store: Store) -> None:
    store.add([feedback(["one", "two"], id=["1", "2"])], source="a")
    store.add([feedback(["three"], id=["3"])], source="b")
    assert store.text_numbers().tolist() == [1, 2, 3]
    store.write_places("(x)", "1", [(1, 1, 0, 3, 2, 0.5), (3, 1, 0, 0, 0, 0.0)])
    store.undo("import")
    assert store.text_numbers().tolist() == [1, 2]
    assert store.about().index.tolist() == [1, 2]
    assert store.places("(x)", "1").to_dict("records") == [
        {"feedback": 1, "start": 0, "stop": 3, "number": 2, "member": 0.5}
    ]


def test_what_a_teller_says_anew_takes_the_place_of_the_old(store: Store) -> None:
    store.add([feedback(["one", "two"], id=["1", "2"])], source="a")
    store.write_places("(x)", "1", [(1, 1, 0, 2, 1, 1.0), (2, 1, 0, 3, 1, 1.0)])
    store.write_places("(x)", "1", [(1, 1, 0, 3, 2, 1.0)])
    assert sorted(store.places("(x)", "1")["number"]) == [1, 2]
    store.write_places("(x)", "2", [(1, 1, 0, 3, 3, 1.0)])
    assert store.tellers("(x)") == ["2", "1"]
    store.drop_places("(x)", but="2")
    assert store.tellers("(x)") == ["2"]
    assert len(store.places("(x)", "1")) == 0
    assert store.scorers() == []


def test_gaps_and_nothing_at_all_are_columns_too(store: Store) -> None:
    assert len(store.marks()) == len(store.about()) == len(store.code_pairs()) == 0
    assert len(store.quoted([])) == len(store.marks(texts=[])) == len(store.code_pairs([])) == 0
    assert not store.has_texts()
    assert arrays.integers([1, None]).tolist() == [1, arrays.MISSING]
    assert math.isnan(arrays.numbers([None])[0])
    assert pd.isna(arrays.words([None])[0])
