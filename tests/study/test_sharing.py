"""Files of a study: several in one call, in either language, and never more than privacy allows."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

import cjm_widgets as cjm
from cjm_widgets.errors import ArgumentError, FileMissing, ReadError, UnknownName
from cjm_widgets.study import Study

KINDS = (".html", ".svg", ".pptx", ".xlsx", ".csv", ".md", ".mmd", ".json")


def content(path: Path) -> str:
    """All text of a file, packed or not."""
    if path.suffix in (".pptx", ".xlsx"):
        with zipfile.ZipFile(path) as packed:
            return "".join(
                packed.read(name).decode("utf-8", "replace") for name in packed.namelist()
            )
    return path.read_text("utf-8-sig")


def exported(study: Study, folder: Path, **more: Any) -> dict[str, str]:
    folder.mkdir()
    paths = study.export(*(folder / f"map{kind}" for kind in KINDS), **more)
    return {path.name: content(path) for path in paths}


def test_one_call_writes_files_of_every_kind(sample: Study, tmp_path: Path) -> None:
    made = exported(sample, tmp_path / "out")
    assert sorted(made) == sorted(
        [
            *(f"map{kind}" for kind in KINDS if kind != ".csv"),
            *(f"map.{table}.csv" for table in ("codings", "scores", "curve", "kpis")),
        ]
    )
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(made)


def test_a_language_holds_for_all_files_and_not_after(sample: Study, tmp_path: Path) -> None:
    before = sample.language
    made = exported(sample, tmp_path / "out", language="fr")
    for name in ("map.svg", "map.md", "map.mmd", "map.json", "map.pptx", "map.html"):
        assert "Découverte" in made[name], name
    assert sample.language == before
    with pytest.raises(UnknownName, match="fr"):
        sample.export(tmp_path / "a.svg", language="de")


def test_hidden_quotes_are_in_no_file(sample: Study, tmp_path: Path) -> None:
    shown = {quote.text for column in sample.map().facts.stages for quote in column.quotes}
    people = {quote.respondent for c in sample.map().facts.stages for quote in c.quotes}
    sample.privacy(quotes="hide", respondents="hide")
    for name, text in exported(sample, tmp_path / "out").items():
        for words in sorted(shown)[:40]:
            assert words not in text, (name, words)
        for who in sorted(filter(None, people))[:40]:
            assert f">{who}<" not in text, name
            assert f'"{who}"' not in text, name


def test_short_quotes_are_short_in_tables_too(sample: Study, tmp_path: Path) -> None:
    sample.privacy(quotes="short")
    for path in sample.export(tmp_path / "a.csv"):
        if path.name == "a.codings.csv":
            import pandas as pd

            frame = pd.read_csv(path)
            assert frame["passage"].str.len().max() <= 81
            assert "memo" not in frame.columns


def test_another_map_can_be_exported(sample: Study, tmp_path: Path) -> None:
    sample.target("purchase", valence=0.4)
    [path] = sample.export(tmp_path / "future.svg", of=sample.map(kind="future", filters=False))
    assert "aim +0.40" in path.read_text("utf-8")


def test_an_exported_map_opens_without_its_study(sample: Study, tmp_path: Path) -> None:
    [path] = sample.export(tmp_path / "map.json")
    again = cjm.read_map(path)
    assert again.facts.stages == sample.map(filters=False).facts.stages
    assert "<!doctype html>" in again.page()
    with pytest.raises(FileMissing):
        cjm.read_map(tmp_path / "none.json")
    (tmp_path / "b.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ReadError, match="no map"):
        cjm.read_map(tmp_path / "b.json")


def test_nothing_is_written_if_one_name_is_wrong(sample: Study, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"\.csv.*\.xlsx"):
        sample.export(tmp_path / "map.svg", tmp_path / "map.docx")
    with pytest.raises(ArgumentError, match="at least one"):
        sample.export()
    (tmp_path / "dir.svg").mkdir()
    with pytest.raises(ArgumentError, match="is a folder"):
        sample.export(tmp_path / "dir.svg")
    assert [p.name for p in tmp_path.glob("map*")] == []
