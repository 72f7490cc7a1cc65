"""Codebooks go out to other tools and come back."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cjm_widgets as cjm
from cjm_widgets.export.codebooks import write_codebook
from cjm_widgets.read.codebooks import read_codebook

BOOK = cjm.Codebook(
    (
        cjm.Code("pains", "Pain points", "pain", None, "What hurts <b>\n& how", "#7e2525"),
        cjm.Code("fees", "Hidden fees 💸", "pain", "pains", "", "#127d5d"),
        cjm.Code("joy", "=joy()", "emotion", None, "Élan", "#5069a5"),
    )
)


def opened(folder: Path, name: str = "s.cjm") -> cjm.Study:
    return cjm.Study(folder / name, journey=["Search", "Pay"])


@pytest.mark.parametrize("suffix", [".qdc", ".json"])
def test_a_codebook_that_goes_out_and_comes_back_to_its_study_is_the_same(tmp_path, suffix):
    file = write_codebook(BOOK, tmp_path / f"codes{suffix}")
    assert read_codebook(file, BOOK) == BOOK


def test_a_stranger_gets_names_tree_kinds_colours_and_definitions(tmp_path):
    found = read_codebook(write_codebook(BOOK, tmp_path / "codes.qdc"))
    assert [(c.name, c.kind, c.definition, c.colour) for c in found] == [
        (c.name, c.kind, c.definition, c.colour) for c in BOOK
    ]
    assert found.code("Hidden fees 💸").parent == found.code("Pain points").key


def test_formulas_in_a_csv_are_guarded(tmp_path):
    text = write_codebook(BOOK, tmp_path / "codes.csv").read_text("utf-8-sig")
    assert ",=joy" not in text


def test_a_qdc_is_written_in_the_standards_order_and_namespace(tmp_path):
    root = ET.parse(write_codebook(BOOK, tmp_path / "codes.qdc")).getroot()
    assert root.tag == "{urn:QDA-XML:codebook:1.0}CodeBook"
    assert [child.tag.rsplit("}")[-1] for child in root] == ["Codes", "Sets"]
    first = root[0][0]
    assert [child.tag.rsplit("}")[-1] for child in first] == ["Description", "Code"]
    assert {"guid", "name", "isCodable"} <= set(first.keys())


def test_a_codebook_of_taguette_with_its_empty_sets_is_read(shared_data):
    found = read_codebook(shared_data / "qda" / "taguette_1.5.2" / "codebook.qdc")
    assert [code.name for code in found][:2] == ["interesting", "stage.awareness"]
    assert len(found) == 5


def test_taguettes_table_is_read_with_its_own_column_names(shared_data):
    found = read_codebook(shared_data / "qda" / "taguette_1.5.2" / "codebook.csv")
    assert found.code("interesting").definition == "Further review required"


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:codebook:1:0", "urn:QDA-XML:codebook:0:4", ""])
def test_other_spellings_of_the_namespace_guids_in_braces_and_short_colours_are_read(
    tmp_path, namespace
):
    body = (
        f'<CodeBook xmlns="{namespace}"><Codes>'
        '<Code guid="{0D62985D-B147-5D01-A9B5-CAE5DCD98342}" name="a" isCodable="1" color="#F00"/>'
        "</Codes></CodeBook>"
    )
    (tmp_path / "c.qdc").write_text(body)
    assert read_codebook(tmp_path / "c.qdc").code("a").colour == "#ff0000"


def test_two_codes_of_one_name_under_different_parents_stay_two(tmp_path):
    body = (
        "<CodeBook><Codes><Code guid='1' name='A' isCodable='true'><Code guid='2' name='x' "
        "isCodable='true'/></Code><Code guid='3' name='x' isCodable='true'/></Codes></CodeBook>"
    )
    (tmp_path / "c.qdc").write_text(body)
    assert [code.key for code in read_codebook(tmp_path / "c.qdc")] == ["a", "x", "x-2"]


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.qdc", "<CodeBook><Codes>", "damaged"),
        ("a.qdc", "<Project/>", "not CodeBook"),
        ("a.qdc", "<CodeBook><Codes/></CodeBook>", "no code"),
        ("a.qdc", "<CodeBook><Codes><Code guid='1'/></Codes></CodeBook>", "no name"),
        ("a.qdc", "<!DOCTYPE x [<!ENTITY a 'b'>]><CodeBook/>", "entities"),
        ("a.qdc", "<a>" * 3000, "damaged|deep"),
        ("a.json", "{", "no JSON"),
        ("a.json", '{"codes": 3}', "list"),
        ("a.json", '[{"name": "a", "parent": "b"}]', "not in the codebook"),
        ("a.csv", "colour\nred\n", "'name' or 'code'"),
    ],
)
def test_what_is_no_codebook_is_refused_with_its_file(tmp_path, name, body, says):
    (tmp_path / name).write_text(body)
    with pytest.raises(cjm.ReadError, match=says) as error:
        read_codebook(tmp_path / name)
    assert name in str(error.value)


def test_a_file_that_is_not_there_and_a_suffix_nobody_writes_are_told(tmp_path):
    with pytest.raises(cjm.FileMissing):
        read_codebook(tmp_path / "none.qdc")
    with pytest.raises(cjm.ArgumentError, match=r"\.qdc, \.json, \.csv"):
        write_codebook(BOOK, tmp_path / "codes.docx")


def test_loading_adds_and_changes_keeps_the_rest_and_is_undone_at_once(tmp_path):
    study = opened(tmp_path)
    study.set_codebook(BOOK)
    rows = [{"code": "fees", "name": "Fees", "kind": "pain"}, {"code": "new", "name": "New"}]
    (tmp_path / "more.json").write_text(json.dumps(rows))
    study.load_codebook(tmp_path / "more.json")
    assert {c.key for c in study.codebook} == {"pains", "fees", "joy", "new"}
    assert study.codebook.code("fees").name == "Fees"
    study.undo()
    assert study.codebook == BOOK
    study.load_codebook(tmp_path / "more.json", replace=True)
    assert {c.key for c in study.codebook} == {"fees", "new"}


def test_a_study_saves_its_codebook(tmp_path):
    study = opened(tmp_path)
    study.set_codebook(BOOK)
    assert read_codebook(study.save_codebook(tmp_path / "codes.qdc"), BOOK) == BOOK
    with pytest.raises(cjm.ArgumentError, match="add codes first"):
        opened(tmp_path, "t.cjm").save_codebook(tmp_path / "none.qdc")


_TEXT = st.text(min_size=1, max_size=20).map(str.strip).filter(bool)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(names=st.lists(_TEXT, min_size=1, max_size=6), definition=st.text(max_size=40))
def test_any_text_in_a_name_gives_a_file_that_can_be_read(tmp_path, names, definition):
    codes = [
        cjm.Code(f"k{i}", name, "theme", f"k{i - 1}" if i % 2 else None, definition, "#112233")
        for i, name in enumerate(names)
    ]
    book = cjm.Codebook(tuple(codes))
    found = read_codebook(write_codebook(book, tmp_path / "c.qdc"), book)
    assert [c.parent for c in found] == [c.parent for c in book]


def test_names_that_open_formulas_come_back_from_a_table_as_they_were(tmp_path):
    names = ["=joy()", "@home", "-2 stars", "'tis late", "fine"]
    book = cjm.Codebook.of(names)
    found = read_codebook(write_codebook(book, tmp_path / "codes.csv"))
    assert [(code.key, code.name) for code in found] == [(code.key, code.name) for code in book]
