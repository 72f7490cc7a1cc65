"""Which column is what, and how its values are understood."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError, ReadError
from cjm_widgets.read import dates, read

TEXTS = ["good service here", "not so good at all", "it went well enough"]


def with_column(values: list[object], name: str = "date") -> pd.DataFrame:
    return pd.DataFrame({"comment": [f"text number {i}" for i in range(len(values))], name: values})


def test_columns_are_guessed_in_both_languages() -> None:
    french = pd.DataFrame(
        {
            "Identifiant": ["a", "b", "c"],
            "N° client": ["1", "1", "2"],
            "Horodateur": ["01/02/2024", "02/02/2024", "03/02/2024"],
            "Canal": ["tél", "web", "web"],
            "Point de contact": ["caisse", "caisse", "site"],
            "Langue": ["Français", "fr-CA", "EN"],
            "Étape": [" achat ", "achat", ""],
            "NPS": [9, 10, 3],
            "Votre commentaire": TEXTS,
        }
    )
    frame, report = read(french)
    assert report.columns == {
        "text": "Votre commentaire",
        "id": "Identifiant",
        "respondent": "N° client",
        "at": "Horodateur",
        "channel": "Canal",
        "touchpoint": "Point de contact",
        "language": "Langue",
        "stage": "Étape",
    }
    assert frame["language"].tolist() == ["fr", "fr", "en"]
    assert frame["stage"].tolist()[:2] == ["achat", "achat"]
    assert frame["stage"].isna().tolist() == [False, False, True]
    assert report.attributes == ("NPS",)
    assert "deviné" in report.summary("fr")


def test_without_a_telling_name_the_longest_varied_text_is_taken() -> None:
    frame = pd.DataFrame(
        {
            "a": ["one and the same long sentence again and again"] * 3,
            "b": TEXTS,
            "c": ["https://example.org/a/very/long/address/indeed"] * 3,
            "d": ["x", "y", "z"],
        }
    )
    _, report = read(frame)
    assert report.columns["text"] == "b"
    assert [one.because for one in report.guessed if one.about == "text"] == ["longest"]


def test_an_id_is_guessed_only_if_unique_and_filled() -> None:
    for ids in (["1", "1", "2"], ["1", "", "2"]):
        frame, report = read(pd.DataFrame({"id": ids, "comment": TEXTS}))
        assert frame["id"].isna().all()
        assert "id" not in report.columns
    twice = [f"a{i}" for i in range(1000)]
    twice[-1] = "a0"
    frame, report = read(pd.DataFrame({"id": twice, "comment": [f"text {i}" for i in range(1000)]}))
    assert "id" not in report.columns
    assert frame["id_2"].tolist() == twice


def test_a_named_id_that_repeats_is_reported_by_row() -> None:
    table = pd.DataFrame({"key": ["a", "b", " a", "c", "a"], "comment": [*TEXTS, "d d", "e e"]})
    frame, report = read(table, id="key")
    assert frame["id"].tolist() == ["a", "b", "a", "c", "a"]
    assert report.rows_of("id_twice") == [3, 5]


def test_a_named_column_is_found_loosely_or_refused_with_the_nearest() -> None:
    table = pd.DataFrame({"Verbatim ": TEXTS, "other": TEXTS})
    assert read(table, text="verbatim")[1].columns["text"] == "Verbatim"
    with pytest.raises(ReadError, match=r"frame.*text='Verbatum'.*did you mean 'Verbatim'"):
        read(table, text="Verbatum")
    with pytest.raises(ReadError, match="respondent='who'"):
        read(table, respondent="who")
    with pytest.raises(ArgumentError, match="text="):
        read(table, text=[])
    with pytest.raises(ArgumentError, match="twice"):
        read(table, text=["other", "other"])


def test_several_texts_of_a_row_share_what_belongs_to_it() -> None:
    table = pd.DataFrame(
        {"id": ["a", "b", "c"], "like": ["x y", "", "z"], "hate": ["q", "", None], "n": [1, 2, 3]}
    )
    frame, report = read(table, text=["like", "hate"])
    assert frame[["row", "id", "text", "question", "n"]].values.tolist() == [
        [1, "a:like", "x y", "like", 1],
        [1, "a:hate", "q", "hate", 1],
        [3, "c:like", "z", "like", 3],
    ]
    assert (report.rows, report.kept, report.left_out) == (3, 3, 1)


@pytest.mark.parametrize(
    ("values", "wanted", "dtype"),
    [
        (["1", "2", ""], [1, 2, None], "Int64"),
        (["1", "2.5", "NA"], [1.0, 2.5, None], "float64"),
        (["1,5", "2", ""], [1.5, 2.0, None], "float64"),
        (["1\u202f234,5", "2", "-3"], [1234.5, 2.0, -3.0], "float64"),
        (["1,234.5", "2", "3"], [1234.5, 2.0, 3.0], "float64"),
        (["1.234,5", "2", "3"], [1234.5, 2.0, 3.0], "float64"),
        (["007", "8", "9"], ["007", "8", "9"], "str"),
        (["1", "2", "three"], ["1", "2", "three"], "str"),
        (["12345678901234567", "2", "3"], ["12345678901234567", "2", "3"], "str"),
        (["+33", "2", "3"], ["+33", "2", "3"], "str"),
        (["45 %", "2", "3"], ["45 %", "2", "3"], "str"),
        (["1E5", "2", "3"], ["1E5", "2", "3"], "str"),
        (["", "", ""], [None, None, None], "str"),
    ],
)
def test_attributes_are_numbers_only_where_every_value_is_one(
    values: list[str], wanted: list[object], dtype: str
) -> None:
    frame, _ = read(pd.DataFrame({"comment": TEXTS, "x": values}))
    assert str(frame["x"].dtype) == dtype
    assert [None if pd.isna(one) else one for one in frame["x"]] == wanted


def test_a_comma_is_decimal_only_where_semicolons_part_the_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("comment;x\nwell then;1,234\n", encoding="utf-8")
    assert read(path)[0]["x"].tolist() == [1.234]
    path.write_text('comment,x\nwell then,"1,234"\n', encoding="utf-8")
    assert read(path)[0]["x"].tolist() == [1234.0]


def test_a_number_that_turns_into_text_late_is_text_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"text number {i},{i}" for i in range(30_000)]
    path.write_text("comment,x\n" + "\n".join(rows) + "\nlast,none of it\n", encoding="utf-8")
    frame, _ = read(path)
    assert frame["x"].tolist()[:2] == ["0", "1"]


@pytest.mark.parametrize(
    ("values", "wanted", "because"),
    [
        (["03/04/2024", "25/12/2023"], ["2024-04-03", "2023-12-25"], "dates_forced"),
        (["03/04/2024", "12/25/2023"], ["2024-03-04", "2023-12-25"], "dates_forced"),
        (["03/04/2024", "05/06/2024"], ["2024-04-03", "2024-06-05"], "dates_usual"),
        (["03/04/2024 1:00 PM", ""], ["2024-03-04 13:00:00", None], "dates_noon"),
        (["3.4.24", "1-2-1999"], ["2024-04-03", "1999-02-01"], "dates_usual"),
        (["2024-03-04T10:00:00+02:00", "2024-03-04"], ["2024-03-04 08:00:00", "2024-03-04"], None),
        (["2024-03-04T10Z", "2024-03-04 23-01"], ["2024-03-04 10:00:00", "2024-03-05"], None),
        (["4 mars 2024", "1er août 2023"], ["2024-03-04", "2023-08-01"], None),
        (["March 4, 2024", "Dec 1st, 2023 9:05 pm"], ["2024-03-04", "2023-12-01 21:05:00"], None),
        (["lundi 4 mars 2024 à 15h30", "04-Mar-2024"], ["2024-03-04 15:30:00", "2024-03-04"], None),
        (["20240304", "2024/03/05"], ["2024-03-04", "2024-03-05"], None),
        (["1723-04-21", "2061-04-15T07:38:33.000000"], ["1723-04-21", "2061-04-15 07:38:33"], None),
    ],
)  # fmt: skip
def test_dates_are_told_on_the_whole_column(
    values: list[object], wanted: list[str | None], because: str | None
) -> None:
    frame, report = read(with_column(values), at="date")
    assert str(frame["at"].dtype) == "datetime64[us]"
    found = [None if pd.isna(one) else str(one).removesuffix(" 00:00:00") for one in frame["at"]]
    assert found == wanted
    assert [one.because for one in report.guessed if one.about == "dates"] == [because] * bool(
        because
    )


def test_impossible_dates_are_reported_and_their_rows_kept() -> None:
    values: list[object] = ["25/12/2023", "31/02/2024", "12/25/2023", "soon", "", "13/01/2024"]
    frame, report = read(with_column(values), at="date")
    assert len(frame) == 6
    assert [(one.row, one.value) for one in report.problems] == [
        (2, "31/02/2024"),
        (3, "12/25/2023"),
        (4, "soon"),
    ]
    assert frame["at"].isna().tolist() == [False, True, True, True, True, False]


@settings(max_examples=100, deadline=None)
@given(
    st.datetimes(min_value=pd.Timestamp(1000, 1, 1).to_pydatetime()),
    st.sampled_from(["%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%d %b %Y"]),
)
def test_a_date_written_is_the_date_read(moment: datetime.datetime, shape: str) -> None:
    found = dates.one(moment.strftime(shape), True)
    assert found is not None
    assert found.strftime(shape) == moment.strftime(shape)


@pytest.mark.parametrize(
    ("values", "scale", "wanted"),
    [
        (["-3", "5", "-5"], (-5, 5), [-0.6, 1, -1]),
        (["1", "3", "5"], (1, 5), [-1, 0, 1]),
        (["1", "3", "5"], (5, 1), [1, 0, -1]),
        (["0", "7,5", "10"], (0, 10), [-1, 0.5, 1]),
        (["−2", "+1", " 0 "], (-2, 2), [-1, 0.5, 0]),
    ],
)
def test_ratings_become_valence_linearly(
    values: list[object], scale: tuple[float, float], wanted: list[float]
) -> None:
    frame, report = read(with_column(values, "mark"), valence="mark", valence_scale=scale)
    assert frame["valence"].tolist() == wanted
    assert report.valence_scale == scale
    assert not report.counts


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([-1, 0, 1], (-1, 1)),
        ([-0.4, 0.3, 0.9], (-1, 1)),
        ([-2, 0, 1], (-2, 2)),
        ([-3, 0, 5], (-5, 5)),
        ([1, 4, 5], (1, 5)),
        ([2, 6, 7], (1, 7)),
        ([0, 4, 5], (0, 10)),
        ([9, 10, 3], (0, 10)),
    ],
)
def test_the_scale_is_told_from_the_ratings(
    values: list[object], scale: tuple[float, float]
) -> None:
    frame, report = read(with_column(values, "mark"), valence="mark")
    assert report.valence_scale == scale
    assert frame["valence"].between(-1, 1).all()
    assert any(one.about == "scale" for one in report.guessed)


def test_ratings_whose_scale_cannot_be_told_are_asked_for() -> None:
    for values in ([0, 1, 1], [0, 50, 100], ["a", "b", "c"]):
        with pytest.raises(ReadError, match="valence_scale="):
            read(with_column(list(values), "mark"), valence="mark")
    for scale in ((1, 1), (1,), "ab", (1, np.nan), 5):
        with pytest.raises(ArgumentError, match="valence_scale="):
            read(with_column([1, 2], "mark"), valence="mark", valence_scale=scale)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="without valence"):
        read(with_column([1, 2], "mark"), valence_scale=(1, 5))


def test_an_unknown_language_is_missing_and_reported() -> None:
    frame, report = read(with_column(["en", "klingon", ""], "tongue"), language="tongue")
    assert frame["language"].isna().tolist() == [False, True, True]
    assert report.rows_of("unknown_language") == [2]


def test_names_of_the_contract_are_not_taken_by_attributes() -> None:
    table = pd.DataFrame(
        {"comment": TEXTS, "text": ["a", "b", "c"], "row": [7, 8, 9], "valence": [1, 2, 3]}
    )
    frame, _ = read(table, text="comment")
    assert frame["text"].tolist() == TEXTS
    assert frame["text_2"].tolist() == ["a", "b", "c"]
    assert frame["row_2"].tolist() == [7, 8, 9]
    assert frame["valence"].isna().all()
    assert frame["valence_2"].tolist() == [1, 2, 3]
