"""study.add_codings: codings made elsewhere, checked before any is stored."""

from __future__ import annotations

import warnings
from pathlib import Path

import pandas as pd
import pytest

import cjm_widgets as cjm
from cjm_widgets.errors import ArgumentError, Conflict, ReadError
from cjm_widgets.study import Study

TEXT = "Great search 👩‍👩‍👧, but the payment failed. The payment!"


@pytest.fixture
def study(study: Study) -> Study:
    study.set_journey(["Search", {"en": "Pay", "fr": "Payer"}])
    study.set_codebook([cjm.Code("stage-fright", "Stage fright", "pain"), cjm.Code("fee", "Fees")])
    study.add(
        pd.DataFrame({"id": ["a", "b"], "words": [TEXT, "ok"]}), text="words", id="id", name="one"
    )
    return study


def test_offsets_words_or_neither_name_a_passage(study: Study) -> None:
    given = pd.DataFrame(
        {
            "id": ["a", "a", "b"],
            "start": [0, None, None],
            "stop": [12, None, None],
            "passage": ["Great search", "payment failed", None],
            "stage": ["Search", "payer", "Pay"],
            "valence": [2, "−1,5", None],
            "codes": ["fee;stage-fright", "Fees", None],
            "memo": [None, "twice", None],
        }
    )
    done = study.add_codings(given, coder="zoé")
    assert done.to_dict("records") == [{"coder": "zoé", "codings": 3, "same": 0}]
    made = study.codings("zoé")
    assert made["passage"].tolist() == ["Great search", "payment failed", "ok"]
    assert made["stage"].tolist() == ["Search", "Pay", "Pay"]
    assert made["valence"].tolist()[:2] == [1, -0.75]
    assert pd.isna(made["valence"][2])
    assert made["codes"].tolist() == ["fee; stage-fright", "fee", ""]
    assert TEXT[made["start"][1] : made["stop"][1]] == "payment failed"
    assert study.add_codings(given, coder="zoé")["same"].tolist() == [3]


def test_what_was_brought_in_is_undone_by_coder_and_comes_back(study: Study) -> None:
    given = pd.DataFrame({"who": ["ana", "ben"], "id": ["a", "a"], "stage": ["Search", "Pay"]})
    assert study.add_codings(given, coder="who")["coder"].tolist() == ["ana", "ben"]
    assert study.undo("ana") == "import"
    assert study.codings()["coder"].tolist() == ["ben"]
    with pytest.raises(Conflict, match="nothing to undo"):
        study.undo("ana")
    assert study.add_codings(given, coder="who")["codings"].tolist() == [1, 0]
    assert set(study.coders()["coder"]) == {"ana", "ben"}


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ({"id": "zz"}, "id", "no text with the id 'zz'; add the texts first"),
        ({"id": None}, "id", "names no text"),
        ({"start": 0, "stop": 900}, "start", "beyond the text, which has"),
        ({"start": 5, "stop": 5}, "start", "no passage"),
        ({"start": -3, "stop": 5}, "start", "no passage"),
        ({"start": 1}, "start", "give both"),
        ({"start": "one", "stop": 5}, "start", "'one' is not a whole number"),
        ({"start": 1.5, "stop": 5}, "start", "not a whole number"),
        ({"start": 1, "stop": 6, "passage": "Great"}, "start", "holds 'reat ', not 'Great'"),
        ({"passage": "delivery"}, "start", "does not hold 'delivery'"),
        ({"passage": "payment"}, "start", "more than once"),
        ({"stage": "Paying"}, "stage", "no stage is called 'Paying'; did you mean 'Pay'"),
        ({"valence": 3}, "valence", "3 is not on the scale -2…2"),
        ({"valence": "good"}, "valence", "'good' is not a number"),
        ({"codes": "fee;stage"}, "codes", "no code is called 'stage'"),
        ({"coder": None}, "coder", "nobody is named"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_added(
    study: Study, tmp_path: Path, row: dict[str, object], column: str, problem: str
) -> None:
    good = {"coder": "ana", "id": "a", "start": None, "stop": None, "passage": None,
            "stage": "Pay", "valence": 1, "codes": None}  # fmt: skip
    file = tmp_path / "codings.csv"
    pd.DataFrame([good, good | row]).to_csv(file, index=False)
    with pytest.raises(ReadError) as caught:
        study.add_codings(file)
    say = str(caught.value)
    assert say.startswith(f"codings.csv, row 3, column {column!r}: ")
    assert problem in say
    assert len(study.codings()) == 0


def test_rows_are_counted_as_the_file_counts_them(study: Study, tmp_path: Path) -> None:
    file = tmp_path / "codings.csv"
    file.write_text('id,memo,stage\na,"two\nlines",Pay\n\na,,Nope\n', encoding="utf-8")
    with pytest.raises(ReadError) as caught:
        study.add_codings(file)
    # A cell of two lines and an empty line: a spreadsheet shows the fourth row.
    assert caught.value.row == 4
    with pytest.raises(ReadError, match="frame, row 1"):
        study.add_codings(pd.DataFrame({"id": ["a"], "stage": ["Nope"]}, index=[77]))


def test_ids_shared_by_two_sources_ask_which_is_meant(study: Study) -> None:
    study.add(pd.DataFrame({"id": ["a"], "words": ["other"]}), text="words", id="id", name="two")
    given = pd.DataFrame({"id": ["a"], "stage": ["Pay"]})
    with pytest.raises(ReadError, match=r"one and in two.*of='…'"):
        study.add_codings(given)
    study.add_codings(given, of="two", coder="ana")
    assert study.codings()["passage"].tolist() == ["other"]


def test_numbers_as_ids_and_ids_in_the_index_are_found(study: Study) -> None:
    study.add(pd.DataFrame({"id": [7, 8], "words": ["x y", "z"]}), text="words", id="id", name="n")
    given = pd.DataFrame({"id": [7.0, 8.0], "stage": ["Pay", "Pay"]}).set_index("id")
    study.add_codings(given, coder="ana")
    assert study.codings()["passage"].tolist() == ["x y", "z"]


@pytest.mark.parametrize("scale", [(1, 1), (0, float("nan")), "ab", 5, (1, 2, 3)])
def test_a_scale_has_two_ends(study: Study, scale: object) -> None:
    with pytest.raises(ArgumentError, match="worst, best"):
        study.add_codings(pd.DataFrame({"id": ["a"]}), valence_scale=scale)  # type: ignore[arg-type]


def test_a_scale_on_which_one_is_best_is_read_so(study: Study) -> None:
    given = pd.DataFrame({"id": ["a", "b"], "stage": ["Pay", "Pay"], "valence": [1, 5]})
    study.add_codings(given, valence_scale=(5, 1))
    assert study.codings()["valence"].tolist() == [1, -1]


def test_a_table_without_ids_or_with_a_column_twice_is_refused(study: Study) -> None:
    with pytest.raises(ReadError, match="need a column 'id'"):
        study.add_codings(pd.DataFrame({"stage": ["Pay"]}))
    twice = pd.DataFrame([["a", "Pay", "Search"]], columns=["id", "stage", " stage"])
    with pytest.raises(ReadError, match="column 'stage': two columns"):
        study.add_codings(twice)


def test_the_same_passage_may_be_coded_twice_by_one_coder(study: Study) -> None:
    given = pd.DataFrame({"id": ["b", "b"], "stage": ["Pay", "Search"], "valence": [1, -1]})
    assert study.add_codings(given, coder="ana")["codings"].tolist() == [2]
    assert study.add_codings(given, coder="ana")["same"].tolist() == [2]
    assert sorted(study.codings("ana")["stage"]) == ["Pay", "Search"]


def test_a_text_counts_once_however_many_code_it(study: Study) -> None:
    given = pd.DataFrame(
        {
            "coder": ["ana", "ben", "ben"],
            "id": ["a", "a", "a"],
            "start": [0, 0, 14],
            "stop": [12, 5, 20],
            "stage": ["Search"] * 3,
            "valence": [2, -2, -2],
        }
    )
    study.add_codings(given)
    row = study.curve().frame.iloc[0]
    assert (row["n"], row["mean"]) == (1, 0)


def test_texts_without_ids_are_named_as_the_list_of_codings_names_them(study: Study) -> None:
    study.add(pd.DataFrame({"words": ["No id here", "nor here"]}), text="words", name="two")
    study.add_codings(pd.DataFrame({"id": ["~4", "a"], "stage": "Pay"}), coder="ana")
    shown = study.codings("ana")
    assert shown["source_id"].tolist() == ["a", "~4"]
    again = shown.rename(columns={"source_id": "id"})[["id", "start", "stop", "stage"]]
    assert study.add_codings(again, coder="ben")["codings"].item() == 2
    for unknown in ("~1", "~99", "~x"):
        with pytest.raises(ReadError, match="no text with the id"):
            study.add_codings(pd.DataFrame({"id": [unknown], "stage": "Pay"}))


def test_ratings_that_never_pass_1_are_told_unless_their_scale_was_given(study: Study) -> None:
    given = pd.DataFrame({"id": ["a", "b"], "stage": ["Pay", "Pay"], "valence": [-0.8, 1]})
    with pytest.warns(UserWarning, match="valence_scale=\\(-1, 1\\)"):
        study.add_codings(given, coder="ana")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        study.add_codings(given, coder="ana", valence_scale=(-1, 1))
        assert study.codings()["valence"].tolist() == [-0.8, 1]
        study.add_codings(given.assign(valence=[-2, 1]), coder="ben")
        study.add_codings(given.assign(valence=[0, None]), coder="cleo")
        study.add_codings(given, coder="dan", valence_scale=(-2, 2))
