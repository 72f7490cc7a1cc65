"""A whole study as an archive, and back."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError, FileMissing, NewerStudy, ReadError
from cjm_widgets.study import Study

FRAMES = ("feedback", "codings", "coders", "notes", "history", "personas", "snapshots", "lanes")


def equal(a: Study, b: Study) -> None:
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(a, name)(), getattr(b, name)())
    assert a.journey == b.journey
    assert a.codebook == b.codebook
    assert (a.name, a.language, a.aim()) == (b.name, b.language, b.aim())
    facts = [dataclasses.replace(study.map(filters=False).facts, made=None) for study in (a, b)]
    assert facts[0] == facts[1]


def full(study: Study) -> Study:
    study.aim("Why are carts left?")
    study.note("goals", "purchase", "Pay in one go")
    study.persona("anna", name="Anna", filter={"channel": "survey"})
    study.target("purchase", valence=0.4, text="guest checkout")
    study.privacy(respondents="pseudonym")
    study.snapshot("Q1")
    study.note("goals", "purchase", "taken back")
    study.undo()
    return study


def test_the_sample_study_comes_back_equal_with_its_history(sample: Study, tmp_path: Path) -> None:
    full(sample)
    path = sample.archive(tmp_path / "shop-private.zip")
    with Study.from_archive(path, tmp_path / "again.cjm") as again:
        equal(sample, again)
        # What was undone can be done again there, and words are found.
        assert again.redo() == "note"
        assert len(again.notes()) == len(sample.notes()) + 1
        assert len(again.scores()) == len(sample.scores())


@pytest.mark.postgres
def test_a_study_moves_from_a_file_to_a_server_and_goes_on_there(
    sample: Study, tmp_path: Path, pg_server: str, request: pytest.FixtureRequest
) -> None:
    import sys

    place = sys.modules["store_conftest"].new_place(pg_server)
    path = full(sample).archive(tmp_path / "a.zip")
    with Study.from_archive(path, str(place)) as there:
        equal(sample, there)
        there.note("goals", "purchase", "written on the server")
        there.add(pd.DataFrame({"comment": ["Another one."]}), text="comment", name="more")
        with Study.from_archive(there.archive(tmp_path / "b.zip"), tmp_path / "back.cjm") as back:
            equal(there, back)
        with pytest.raises(ArgumentError, match="empty database"):
            Study.from_archive(path, str(place))


@given(
    words=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
        min_size=1,
        max_size=5,
    ),
    note=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
)
@settings(max_examples=10, deadline=None)
def test_any_words_come_back(
    words: list[str], note: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("round")
    with Study(folder / "a.cjm") as study:
        frame = pd.DataFrame({"comment": [f"text: {word}" for word in words]})
        study.add(frame, text="comment", progress=False)
        if note.strip():
            study.note("goals", "purchase", note)
        with Study.from_archive(study.archive(folder / "a.zip"), folder / "b.cjm") as again:
            pd.testing.assert_frame_equal(study.feedback(), again.feedback())
            pd.testing.assert_frame_equal(study.notes(), again.notes())


def test_an_archive_says_that_it_is_private(sample: Study, tmp_path: Path) -> None:
    with zipfile.ZipFile(sample.archive(tmp_path / "a.zip")) as packed:
        assert "PRIVATE" in packed.read("README.txt").decode()
        told = json.loads(packed.read("study.json"))
    assert told["format"] == "cjm-study"
    assert told["rows"]["feedback"] == len(sample.feedback())


def test_nothing_is_written_over_and_names_are_checked(sample: Study, tmp_path: Path) -> None:
    path = sample.archive(tmp_path / "a.zip")
    with pytest.raises(ArgumentError, match="exists already"):
        Study.from_archive(path, sample.path)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"\.zip"):
        sample.archive(tmp_path / "a.json")
    with pytest.raises(ArgumentError, match="does not exist"):
        sample.archive(tmp_path / "none" / "a.zip")
    with pytest.raises(FileMissing):
        Study.from_archive(tmp_path / "none.zip", tmp_path / "x.cjm")


def spoiled(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            made = change(name, old.read(name))
            if made is not None:
                new.writestr(name, made)
    return target


@pytest.mark.parametrize(
    ("error", "name", "change"),
    [
        (ReadError, "study.json", lambda _: None),
        (ReadError, "study.json", lambda _: b"{}"),
        (ReadError, "study.json", lambda _: b"["),
        (NewerStudy, "study.json", lambda c: c.replace(b'"edition": 1', b'"edition": 2')),
        (ReadError, "tables/feedback.jsonl", lambda c: c[: len(c) // 2]),
        (ReadError, "tables/feedback.jsonl", lambda c: c + b"[1]\n"),
        (ReadError, "tables/feedback.jsonl", lambda c: c + b'{"a": 1}\n'),
        (ReadError, "tables/feedback.jsonl", lambda c: c.replace(b'"text"', b'"text; DROP"', 1)),
        (ReadError, "tables/coding.jsonl", lambda c: c.replace(b'"id"', b'"uid"', 1)),
        (ReadError, "tables/actor.jsonl", lambda _: b""),
    ],
)
def test_a_damaged_archive_makes_no_study(
    sample: Study, tmp_path: Path, error: type[Exception], name: str, change: Any
) -> None:
    good = sample.archive(tmp_path / "good.zip")
    bad = spoiled(good, tmp_path / "bad.zip", lambda n, c: change(c) if n == name else c)
    with pytest.raises(error):
        Study.from_archive(bad, tmp_path / "new.cjm")
    assert not list(tmp_path.glob("new.cjm*"))


def test_what_is_no_zip_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 but no more")
    with pytest.raises(ReadError, match="damaged"):
        Study.from_archive(tmp_path / "a.zip", tmp_path / "new.cjm")
