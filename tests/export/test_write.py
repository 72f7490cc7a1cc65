"""Files by suffix."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_example import shop

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.export import write
from cjm_widgets.export.tables import guarded
from cjm_widgets.view import MapView


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_page_is_written_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    assert write(MapView(shop(3)), tmp_path / "map.html") == [tmp_path / "map.html"]
    assert (
        (tmp_path / "map.html").read_text(encoding="utf-8").lstrip().startswith("<!doctype html>")
    )
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]


def test_each_table_goes_to_a_file_of_its_own(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"passage": ["déjà vu"], "valence": [-0.5], "at": pd.to_datetime(["2026-01-02 03:04:05"])}
    )
    paths = write({"codings": frame, "kpis": frame}, tmp_path / "study.csv")
    assert [p.name for p in paths] == ["study.codings.csv", "study.kpis.csv"]
    assert paths[0].read_bytes().startswith(b"\xef\xbb\xbf")
    assert cells(paths[0]) == [
        ["passage", "valence", "at"],
        ["déjà vu", "-0.5", "2026-01-02T03:04:05"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        " =1",
        "\t=1",
        "\xa0@SUM(1)",
        "\u200b+1",
        "-1+cmd",
        "\r\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\tx",
        "\nx",
        "−1",
    ],
)
def test_what_a_spreadsheet_may_run_is_guarded(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["fine", "a=b", "", "1", "“quoted”", "deux – trois"])
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


def test_known_payloads_are_guarded(shared_data: Path, tmp_path: Path) -> None:
    payloads = (
        (shared_data / "nasty/csv-injection-payload.txt").read_text(encoding="utf-8").splitlines()
    )
    [path] = write({"codings": pd.DataFrame({"passage": payloads})}, tmp_path / "s.csv")
    for shown, payload in zip(cells(path)[1:], payloads, strict=True):
        assert shown[0].lstrip("'") == payload
        assert not shown[0].startswith(("=", "+", "-", "@"))


def test_numbers_stay_numbers_and_missing_stays_empty(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"n": pd.array([-3, None], dtype="Int64"), "mean": [np.nan, -0.25], "t": ["-x", None]}
    )
    [path] = write({"curve": frame}, tmp_path / "s.csv")
    assert cells(path)[1:] == [["-3", "", "'-x"], ["", "-0.25", ""]]


def test_a_columns_name_is_guarded_too(tmp_path: Path) -> None:
    [path] = write({"a": pd.DataFrame({"=evil()": [1]})}, tmp_path / "s.csv")
    assert cells(path)[0] == ["'=evil()"]


@given(st.lists(st.text(max_size=30), min_size=1, max_size=8))
@settings(max_examples=50, deadline=None)
def test_what_is_written_can_be_read_back(texts: list[str]) -> None:
    import tempfile

    texts = [t.encode("utf-8", "replace").decode().replace("\0", "") for t in texts]
    with tempfile.TemporaryDirectory() as folder:
        frame = pd.DataFrame({"n": range(len(texts)), "t": pd.array(texts, dtype="str")})
        [path] = write({"a": frame}, Path(folder) / "s.csv")
        assert [row[1] for row in cells(path)[1:]] == [guarded(t) for t in texts]


def test_an_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"\.csv.*\.html"):
        write({}, tmp_path / "map.docx")


def test_a_missing_folder_and_the_wrong_thing_are_refused_clearly(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="does not exist"):
        write(MapView(shop(3)), tmp_path / "nowhere" / "map.html")
    with pytest.raises(ArgumentError, match="page"):
        write({"a": pd.DataFrame()}, tmp_path / "map.html")
    with pytest.raises(ArgumentError, match="tables"):
        write(MapView(shop(3)), tmp_path / "s.csv")
    with pytest.raises(ArgumentError, match="letters"):
        write({"../a": pd.DataFrame()}, tmp_path / "s.csv")


def test_a_failure_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    class Broken:
        def page(self) -> str:
            return "\ud800"

    target = tmp_path / "map.html"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write(Broken(), target)
    assert target.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]
