"""Every nasty file and every survey export loads right or is refused clearly."""

from __future__ import annotations

import contextlib
import json
import random
from pathlib import Path

import pandas as pd
import pytest

from cjm_widgets.errors import ReadError
from cjm_widgets.model.columns import FEEDBACK
from cjm_widgets.read import ReadReport, read

SPECTRUM = {
    "comma_in_quotes": "address",
    "empty": "a",
    "empty_crlf": "a",
    "escaped_quotes": "b",
    "json": "val",
    "location_coordinates": "Cities",
    "newlines": "a",
    "newlines_crlf": "a",
    "quotes_and_newlines": "b",
    "simple": "a",
    "simple_crlf": "a",
    "utf8": "c",
}
CONTRACT = {column.name for column in FEEDBACK}


def table(frame: pd.DataFrame, report: ReadReport) -> list[dict[str, str]]:
    """The rows of the file again, as texts under the names of the file."""
    roles = {role: name for role, name in report.columns.items() if isinstance(name, str)}
    columns = {name: frame[role] for role, name in roles.items()}
    columns |= {name: frame[name] for name in report.attributes}
    return [
        {name: "" if pd.isna(value) else str(value) for name, value in row.items()}
        for row in pd.DataFrame(columns).to_dict("records")
    ]


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum_reads_as_its_json_says(shared_data: Path, name: str) -> None:
    folder = shared_data / "nasty/csv-spectrum"
    frame, report = read(folder / f"csvs/{name}.csv", text=SPECTRUM[name])
    oracle = json.loads((folder / f"json/{name}.json").read_text(encoding="utf-8"))
    if isinstance(oracle, dict):
        oracle = [oracle]
    if name == "newlines_crlf":
        # The published CSV has CRLF in the repository only; the stored copy has LF.
        oracle = [{k: v.replace("\r\n", "\n") for k, v in row.items()} for row in oracle]
    found = table(frame, report)
    if name == "location_coordinates":
        # The published JSON has another telephone number than the published CSV.
        oracle[0]["Contact Phone Number"] = "2095257564"
    assert [{k: row[k] for k in oracle[0]} for row in found] == oracle
    assert not report.counts


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("bom.csv", ["english", "中国人"]),
        ("delimiter.csv", ["english", "中国人"]),
        ("latin1.csv", ["english", "©"]),
        ("table.csv", ["english", "中国人"]),
        ("table.jsonl", ["english", "中国人"]),
        ("table.xlsx", ["english", "中国人"]),
        ("table-unicode-headers.csv", ["english", "中国人"]),
        ("skip-rows.csv", ["english", "中国人"]),
        ("escaping.csv", ["Test line 1", 'Test " line 2', 'Test " line 3']),
        ("blank-headers.csv", ["John", "Julie"]),
        ("blank-rows.csv", ["John", "Julie"]),
        ("duplicate-headers.csv", ["John", "Julie"]),
        ("defective-rows.csv", ["John", "Julie"]),
    ],
)
def test_frictionless_texts_are_found(shared_data: Path, name: str, rows: list[str]) -> None:
    frame, _ = read(shared_data / "nasty/frictionless" / name)
    assert frame["text"].tolist() == rows


def test_frictionless_details(shared_data: Path) -> None:
    folder = shared_data / "nasty/frictionless"
    frame, report = read(folder / "duplicate-headers.csv")
    assert frame["id"].tolist() == ["1101", "1102"]
    assert frame["id_2"].tolist() == [0, 0]
    assert frame["id_3"].tolist() == ["001101", "001102"]

    frame, report = read(folder / "defective-rows.csv")
    assert [(one.kind, one.row) for one in report.problems] == [
        ("too_few_cells", 2),
        ("too_many_cells", 3),
    ]
    assert report.problems[1].value == "Potatoes"
    assert frame["age"].tolist()[1] == 26

    frame, report = read(folder / "blank-rows.csv")
    assert (report.rows, report.kept, report.left_out) == (3, 2, 1)
    assert report.rows_of("blank_row") == [4]

    frame, report = read(folder / "latin1.csv")
    assert report.encoding == "cp1252"

    frame, report = read(folder / "leading-zeros.csv", text="value")
    assert frame["text"].tolist() == ["01", "002", "00003"]

    frame, report = read(folder / "skip-rows.csv")
    assert frame["row"].tolist() == [3, 5]
    assert report.rows_of("no_text") == [4]

    frame, report = read(folder / "preserve-formatting-percentage.xlsx", text="col2")
    assert frame["text"].tolist() == ["52.00%", "30.00%", "6.00%"]
    assert frame["col1"].tolist() == [123, 456, 789]

    frame, report = read(folder / "multiline-headers.xlsx", text="region")
    assert report.attributes == (
        "Caloric contribution / (%)",
        "Cumulative impact of changes on cost of food basket / from previous quarter",
        "Cumulative impact of changes on cost of food basket / from baseline (%)",
    )

    frame, report = read(folder / "accent.csv")
    assert "accessibilité" in report.attributes
    assert frame["code_insee"].tolist()[0] == "06090"
    assert frame["Xlongitude"].tolist()[0] == 6.92641
    assert str(frame["Xlongitude"].dtype) == "float64"

    frame, report = read(folder / "doublequote.csv")
    assert len(frame) == 5
    assert not report.counts


@pytest.mark.parametrize(
    ("name", "say"),
    [
        ("empty.csv", "empty"),
        ("merged-cells.xlsx", "no row below"),
        ("leading-zeros.csv", "text="),
        ("numeric-labels.csv", "text="),
    ],
)
def test_frictionless_files_without_feedback_are_refused(
    shared_data: Path, name: str, say: str
) -> None:
    with pytest.raises(ReadError, match=say):
        read(shared_data / "nasty/frictionless" / name)


def test_naughty_strings_come_through_unchanged(shared_data: Path, tmp_path: Path) -> None:
    strings = json.loads((shared_data / "nasty/blns.json").read_text(encoding="utf-8"))
    frame, report = read(shared_data / "nasty/blns.json")
    wanted = [(i, one) for i, one in enumerate(strings, 1) if one.strip()]
    assert list(zip(frame["row"], frame["text"], strict=True)) == wanted
    assert report.left_out == len(strings) - len(wanted)

    lines = tmp_path / "naughty.jsonl"
    lines.write_text("\n".join(json.dumps({"text": one}) for one in strings), encoding="utf-8")
    assert read(lines)[0]["text"].tolist() == [one for _, one in wanted]

    written = tmp_path / "naughty.csv"
    pd.DataFrame({"n": range(len(strings)), "text": strings}).to_csv(written, index=False)
    again, _ = read(written)
    assert list(zip(again["row"] - 1, again["text"], strict=True)) == wanted


def test_injections_and_scripts_stay_plain_text(shared_data: Path, tmp_path: Path) -> None:
    for name in ("csv-injection-payload.txt", "xss_60.txt"):
        path = shared_data / "nasty" / name
        lines = [one for one in path.read_text(encoding="utf-8").split("\n") if one.strip()]
        frame, report = read(path)
        assert frame["text"].tolist() == lines
        assert any(one.about == "kind" for one in report.guessed)
        written = tmp_path / "evil.xlsx"
        pd.DataFrame({"id": [f"a{i}" for i in range(len(lines))], "text": lines}).to_excel(
            written, index=False, engine="openpyxl"
        )
        again, _ = read(written)
        assert again["text"].tolist() == lines
        html = report._repr_html_()
        assert "<script" not in html


@pytest.mark.parametrize(
    ("name", "rows", "label"),
    [
        ("QualtricsTools_Better_Sample_Survey.csv", 10, "Please indicate how recently"),
        ("QualtricsTools_SidebySide_Questions_Insights_.csv", 25, "Click to write the question"),
        ("QualtricsTools_SidebySide_Questions_Legacy_.csv", 25, "Click to write the question"),
        ("QualtricsTools_Single_Answer_MC_Questions.csv", 5, "Click to write the question"),
        ("QualtricsTools_Single_Answer_MC_Questions_Insights_.csv", 5, "Click to write the"),
        ("QualtricsTools_Test_Survey_for_Coded_Comments.csv", 10, "This question has multiple"),
        ("qualtRics_sample.csv", 1, "This is a multiple choice"),
        ("qualtRics_sample_legacy.csv", 1, "This is a multiple choice"),
    ],
)
def test_header_rows_of_qualtrics_are_no_feedback(
    shared_data: Path, name: str, rows: int, label: str
) -> None:
    frame, report = read(shared_data / "surveys/qualtrics" / name)
    assert report.rows == rows
    assert frame["id"].str.startswith("R_").all()
    assert frame["at"].notna().all()
    assert frame["row"].tolist()[0] >= (
        3 if "egacy" in name or "Single_Answer_MC_Questions." in name else 4
    )
    assert any(text.startswith(label) for text in report.labels.values())
    assert not frame["text"].str.contains("ImportId").any()
    assert not any(one.startswith(("column_", "V1")) for one in report.attributes)
    assert not set(report.counts) - {"no_text"}


def test_several_open_questions_give_one_feedback_each(shared_data: Path) -> None:
    path = shared_data / "surveys/qualtrics/QualtricsTools_Test_Survey_for_Coded_Comments.csv"
    frame, report = read(path, text=["Q1_TEXT", "Q2"])
    assert set(frame["question"]) == {
        'This question has multiple "other please specify" options',
        "What's up home skillets?",
    }
    assert frame["id"].is_unique
    assert frame["id"].str.endswith((":Q1_TEXT", ":Q2")).all()
    assert frame["row"].is_monotonic_increasing
    assert report.columns["text"] == ("Q1_TEXT", "Q2")
    assert report.kept == len(frame) == 16


def test_coded_workbook_of_qualtrics_reads(shared_data: Path) -> None:
    frame, report = read(shared_data / "surveys/qualtrics/QualtricsTools_Q5_Coded.xlsx")
    assert report.columns["text"] == "Please briefly state your position on fruit"
    assert str(frame["Category 1: Fruit are good"].dtype) == "Int64"
    assert len(frame) == 5


def test_hospital_comments_have_the_human_means_and_dirty_rows(shared_data: Path) -> None:
    path = shared_data / "feedback_coded/nhs_phase1_text_data.csv"
    frame, report = read(
        path, text="feedback", stage="label", valence="criticality", valence_scale=(-5, 5)
    )
    assert len(frame) == 10_334
    means = frame.groupby("stage")["valence"].mean().round(2).to_dict()
    assert len(means) == 9
    assert means["Access"] == -0.24
    assert means["Couldn't be improved"] == 0.60
    assert report.counts == {"no_number": 29, "off_scale": 7}
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    for one in report.problems:
        assert one.row is not None
        assert raw["criticality"][one.row - 2] == one.value
    assert {one.value for one in report.problems} == {
        "-o", "-9", "-NA", "cc", "-6", "SS", "A", "NA",
    }  # fmt: skip
    guessed, report = read(path, valence="criticality")
    assert report.valence_scale == (-5, 5)
    assert report.columns["text"] == "feedback"
    pd.testing.assert_series_equal(guessed["valence"], frame["valence"])


@pytest.mark.parametrize(
    ("name", "rows", "first"),
    [
        ("sentiment_en/uci_yelp_labelled.txt", 1000, "Wow... Loved this place."),
        ("sentiment_en/vader_tweets_GroundTruth.txt", 4200, "Somehow I was blessed"),
        ("sentiment_en/womens_clothing_reviews_1000.csv", 958, "Absolutely wonderful"),
        ("sentiment_fr/xed_fr-projections.tsv", 7307, "Qu'est-ce qui t'es arrivé ?"),
        ("transcripts/zoom_meeting001_chat.txt", 10, "Hello Everyone"),
    ],
)
def test_sentiment_collections_load_without_a_word_about_their_columns(
    shared_data: Path, name: str, rows: int, first: str
) -> None:
    frame, _ = read(shared_data / name)
    assert len(frame) == rows
    assert frame["text"].tolist()[0].startswith(first)


def test_no_file_of_the_collection_ends_in_a_foreign_error(shared_data: Path) -> None:
    refused: dict[str, str] = {}
    for path in sorted(shared_data.rglob("*")):
        if path.is_file():
            try:
                frame, report = read(path)
            except ReadError as error:
                refused[path.name] = str(error)
            else:
                assert set(frame.columns) >= CONTRACT
                assert report.kept == len(frame) > 0
                assert "object" not in set(map(str, frame.dtypes))
    assert all(name in say for name, say in refused.items())


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".jsonl", ".json", ".txt"])
def test_damaged_copies_end_in_a_table_or_in_our_own_error(
    shared_data: Path, tmp_path: Path, suffix: str
) -> None:
    dice = random.Random(suffix)
    whole = [one for one in sorted(shared_data.rglob(f"*{suffix}")) if one.stat().st_size < 12_000]
    for _ in range(60):
        data = bytearray(dice.choice(whole).read_bytes())
        for _ in range(dice.choice((1, 3, 10))):
            at = dice.randrange(len(data) + 1)
            change = dice.random()
            if change < 0.5:
                data[at : at + 1] = bytes(
                    [dice.choice((0, 34, 10, 13, 44, 59, 255, dice.randrange(256)))]
                )
            elif change < 0.8:
                del data[at : at + dice.randrange(1, 20)]
            else:
                data = data[: max(at, 1)]
        path = tmp_path / f"damaged{suffix}"
        path.write_bytes(data)
        with contextlib.suppress(ReadError):
            frame, report = read(path)
            assert report.kept == len(frame)
            assert frame["text"].str.strip().ne("").all()
