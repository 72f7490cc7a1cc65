"""Data files of SPSS as SPSS users mean them."""

from __future__ import annotations

import struct
from pathlib import Path

import pandas as pd
import pytest

from cjm_widgets.errors import ReadError
from cjm_widgets.read import read, read_table

pyreadstat = pytest.importorskip("pyreadstat")


def survey(path: Path) -> Path:
    """A small survey: a comment, labels on all values, on the ends, and on missing ones."""
    frame = pd.DataFrame(
        {
            "why": ["Too slow, nobody came", "Great photos of it", ""],
            "sex": [1.0, 2.0, 1.0],
            "nps": [0.0, 9.0, 10.0],
            "age": [34.0, 99.0, None],
            "c1": [1.0, 0.0, 1.0],
            "c2": [1.0, 0.0, 0.0],
        }
    )
    pyreadstat.write_sav(
        frame, str(path),
        column_labels={"why": "Why did you say so?", "c1": "Web", "c2": "Shop"},
        variable_value_labels={
            "sex": {1: "woman", 2: "man"}, "nps": {0: "never", 10: "surely"},
            "age": {99: "refused"}, "c1": {0: "no", 1: "yes"}, "c2": {0: "no", 1: "yes"},
        },
        missing_ranges={"age": [99]},
    )  # fmt: skip
    return path


def test_labels_stand_for_values_where_all_have_one(tmp_path: Path) -> None:
    frame, report = read(survey(tmp_path / "s.sav"))
    assert report.format == "SPSS"
    assert report.labels["why"] == "Why did you say so?"
    assert frame["text"].tolist() == ["Too slow, nobody came", "Great photos of it"]
    assert frame["sex"].tolist() == ["woman", "man"]
    assert frame["nps"].tolist() == [0, 9]
    assert frame["age"].isna().tolist() == [False, True]
    assert report.counts == {"no_text": 1}
    named, _ = read(tmp_path / "s.sav", text="Why did you say so?")
    assert named["text"].tolist() == frame["text"].tolist()


def test_a_set_of_multiple_answers_is_a_column(tmp_path: Path) -> None:
    path = survey(tmp_path / "s.sav")
    said = b"$where=D1 1 5 Where c1 c2\n"
    content = path.read_bytes()
    end = content.index(struct.pack("<ii", 999, 0))
    record = struct.pack("<iiii", 7, 7, 1, len(said)) + said
    path.write_bytes(content[:end] + record + content[end:])
    table, _ = read_table(path)
    assert table["where"].fillna("–").tolist() == ["Web; Shop", "–", "Web"]
    assert table["c1"].tolist() == ["yes", "no", "yes"]


def test_real_files_give_what_their_tables_say(shared_data: Path) -> None:
    for name in ("pyreadstat_sample.sav", "pyreadstat_sample.zsav"):
        table, _ = read_table(shared_data / "spss" / name)
        assert table["mychar"].tolist() == list("abcde")
        assert table["mylabl"].tolist()[:2] == ["Male", "Female"]
        assert table["myord"].tolist()[:3] == ["low", "medium", "high"]
        assert str(table["mydate"].iloc[0])[:10] == "2018-05-06"
        assert table["mytime"].iloc[0] == "10:10:10"
        assert table["mynum"].iloc[2] == -1000.3
    missing, _ = read_table(shared_data / "spss" / "pyreadstat_sample_missing.sav")
    assert missing["mynum"].isna().any()


def test_what_is_no_spss_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    for content in (b"$FL2 and nothing more", b"hello, you\nthere\n"):
        path.write_bytes(content)
        with pytest.raises(ReadError, match=r"SPSS|suffix"):
            read(path)
