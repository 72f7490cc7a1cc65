"""Journeys of one's own: from Python, from TOML, from a frame."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, FileMissing, ReadError, UnknownName
from cjm_widgets.model.journey import Journey, Stage

TREE = Journey(
    "j", (Stage("a", {"en": "Start", "fr": "Début"}), Stage("b"), Stage("b1", parent="b"))
)


def test_stages_are_found_by_key_or_by_a_name_in_any_language() -> None:
    for name in ("a", "START", " début "):
        assert TREE.stage(name).key == "a"
    with pytest.raises(UnknownName, match="did you mean"):
        Journey.preset("six").stage("discovry")


def test_names_fall_back_to_english_then_to_any_then_to_the_key() -> None:
    assert TREE.stage("a").name("de") == "Start"
    assert Stage("x", {"fr": "Ixe"}).name("de") == "Ixe"
    assert TREE.stage("b").name("fr") == "b"


def test_a_sub_stage_belongs_to_its_top_stage() -> None:
    assert [stage.key for stage in TREE.top] == ["a", "b"]
    assert [stage.key for stage in TREE.parts("b")] == ["b1"]
    assert (TREE.top_of("b1"), TREE.top_of("b")) == ("b", "b")


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ((Stage("a"), Stage("a")), "two stages have the key 'a'"),
        ((Stage("b1", parent="b"), Stage("b")), "put the parent first"),
        ((*TREE.stages, Stage("b2", parent="b1")), "one level"),
    ],
)
def test_a_journey_that_is_no_tree_is_refused(stages: tuple[Stage, ...], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        Journey("j", stages)


@pytest.mark.parametrize("key", ["", "  ", 3, None])
def test_a_stage_needs_a_key(key: object) -> None:
    with pytest.raises(ArgumentError, match="needs a key"):
        Stage(key)  # type: ignore[arg-type]


def test_names_alone_make_a_journey() -> None:
    journey = Journey.any(["Search", {"en": "Buy", "fr": "Achat"}, Stage("use")])
    assert [stage.key for stage in journey] == ["Search", "Buy", "use"]
    assert journey.stage("achat").key == "Buy"


def test_a_toml_file_laid_out_as_the_presets_makes_a_journey(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        '[names]\nen = "Own"\n[[stages]]\nkey = "a"\nnames.fr = "Á"\nvocabulary.en = ["x*"]\n'
        '[[stages]]\nkey = "b"\nparent = "a"\n',
        encoding="utf-8-sig",
    )
    journey = Journey.any(str(file))
    assert journey.name("fr") == "Own"
    assert journey.stage("á").listed("vocabulary") == ("x*",)
    assert journey.stage("b").parent == "a"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[stages]", "is not TOML"),
        ("[[stages]]\nname = 'x'", "is not a journey"),
        ("[[stages]]\nkey = 'x'\ncolour = 'red'", "unknown entries of a stage: colour"),
        ("stages = 3", "is not a journey"),
        ("[[stages]]\nkey = 'a'\n[[stages]]\nkey = 'a'", "two stages"),
    ],
)
def test_a_file_that_is_no_journey_is_refused_by_name(
    tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=message) as refused:
        Journey.from_toml(file)
    assert refused.value.file == str(file)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        Journey.from_toml(tmp_path / "none.toml")
    (tmp_path / "bin.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ReadError, match="UTF-8"):
        Journey.from_toml(tmp_path / "bin.toml")


def test_a_frame_makes_a_journey_and_a_journey_a_frame() -> None:
    frame = pd.DataFrame(
        {
            "stage": ["a", "b", "b1"],
            "name_en": ["Start", None, "Part"],
            "name_fr": ["Début", None, None],
            "parent": [None, None, "b"],
            "goal": [None, "Get it", None],
        }
    )
    journey = Journey.any(frame)
    assert journey.stage("Début").key == "a"
    back = journey.frame("en")
    assert list(back.columns) == ["stage", "name", "parent", "goal"]
    assert back["name"].tolist() == ["Start", "b", "Part"]
    assert set(back.dtypes.astype(str)) == {"str"}
    assert back["parent"].isna().tolist() == [True, True, False]
    assert Journey.from_frame(back).frame()["stage"].tolist() == ["a", "b", "b1"]
    with pytest.raises(ArgumentError, match="column 'stage'; it has: x"):
        Journey.from_frame(pd.DataFrame({"x": [1]}))
    with pytest.raises(ArgumentError, match="needs a key"):
        Journey.from_frame(pd.DataFrame({"stage": ["a", None]}))


@pytest.mark.parametrize("source", ["seven", 3, None])
def test_what_is_no_journey_is_refused(source: object) -> None:
    with pytest.raises(ArgumentError):
        Journey.any(source)


def test_an_empty_list_of_a_stage_is_empty_and_an_unknown_one_refused() -> None:
    assert Stage("a").listed("remedies", "fr") == ()
    with pytest.raises(UnknownName, match="did you mean 'remedies'"):
        Stage("a").listed("remedys")
