"""Codebook, codings, estimates and KPIs: what they hold and what they refuse."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.model.codebook import COLOURS, Code, Codebook, key_of
from cjm_widgets.model.coding import STEPS, Coding, valence_of_step
from cjm_widgets.model.estimate import Estimate
from cjm_widgets.model.kpi import Kpi


def test_keys_are_made_from_names_in_any_script() -> None:
    assert key_of("Échec du  paiement !") == "echec-du-paiement"
    assert key_of("支払い") == "支払い"


def test_names_alone_make_a_codebook_and_a_single_text_does_not() -> None:
    book = Codebook.of(["Hidden fees", Code("joy", "Joy")])
    assert [(code.key, code.name) for code in book] == [
        ("hidden-fees", "Hidden fees"),
        ("joy", "Joy"),
    ]
    with pytest.raises(ArgumentError, match="load_codebook"):
        Codebook.of("codes.csv")
    with pytest.raises(ArgumentError, match="not 3"):
        Codebook.of([3])  # type: ignore[list-item]


def test_a_codebook_shows_itself_as_a_tree_whose_names_are_text() -> None:
    codes = (Code("a", "<b>A</b>", definition="x & y"), Code("b", "B", parent="a"))
    shown = Codebook(codes)._repr_html_()
    assert "&lt;b&gt;A&lt;/b&gt;" in shown
    assert "x &amp; y<ul><li>" in shown
    assert repr(Codebook(codes)) == "Codebook(2 codes: <b>A</b>, B)"
    assert repr(Codebook()) == "Codebook(0 codes)"
    assert Codebook()._repr_html_() is None


def test_a_codebook_from_rows_in_any_order_puts_parents_first() -> None:
    frame = pd.DataFrame(
        {
            "name": ["Hidden fees", "Pain points", "Trust"],
            "parent": ["pain-points", None, None],
            "kind": [None, "pain", "emotion"],
            "colour": [None, "#123456", None],
        }
    )
    book = Codebook.from_frame(frame)
    assert [code.key for code in book] == ["pain-points", "hidden-fees", "trust"]
    assert book.code("hidden fees").kind == "pain"
    assert book.code("pain-points").colour == "#123456"
    assert book.code("trust").colour in COLOURS
    assert [code.key for code in book.below("pain-points")] == ["hidden-fees"]
    assert len(Codebook.from_frame(book.frame())) == len(book) == 3
    assert Codebook.from_frame(book.frame()) == book


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"definition": ["x"]}, "column 'name' or 'code'"),
        ({"name": ["a", None]}, "row 2 of the codebook has no name"),
        ({"name": ["a", "A"]}, "two codes have the key 'a'"),
        ({"name": ["a"], "parent": ["b"]}, "not in the codebook"),
        ({"name": ["a", "b"], "parent": ["b", "a"]}, "stands under"),
        ({"name": ["a"], "kind": ["mood"]}, "no kind of code is called 'mood'"),
        ({"name": ["a"], "colour": ["red"]}, "#rrggbb"),
    ],
)
def test_a_frame_that_is_no_codebook_is_refused(
    frame: dict[str, list[str | None]], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        Codebook.from_frame(pd.DataFrame(frame))


def test_an_unknown_code_is_refused_with_the_likely_one() -> None:
    with pytest.raises(UnknownName, match="did you mean 'fees'"):
        Codebook((Code("fees", "Fees"),)).code("feees")


def test_a_child_before_its_parent_is_refused() -> None:
    with pytest.raises(ArgumentError, match="does not come before it"):
        Codebook((Code("a", "A", parent="b"), Code("b", "B")))


def test_steps_are_halves_of_valence() -> None:
    assert [valence_of_step(step) for step in STEPS] == [-1.0, -0.5, 0.0, 0.5, 1.0]
    with pytest.raises(ArgumentError, match="not 3"):
        valence_of_step(3)


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (2, 2), (3, 1)])
def test_a_passage_is_a_range_of_at_least_one_character(start: int, stop: int) -> None:
    with pytest.raises(ArgumentError, match="passage"):
        Coding("u", 1, 1, start, stop, "ana")


@pytest.mark.parametrize("valence", [1.01, -2, math.nan])
def test_a_coding_has_a_valence_between_minus_one_and_one(valence: float) -> None:
    with pytest.raises(ArgumentError, match="valence lies"):
        Coding("u", 1, 1, 0, 2, "ana", valence=valence)


@pytest.mark.parametrize(
    ("estimate", "shown"),
    [
        (Estimate(21, 14, 28, 412), "21 (14 to 28, n 412)"),
        (Estimate(math.nan, math.nan, math.nan, 0), "no evidence (n 0)"),
        (Estimate(0.5, math.nan, math.nan, 1), "0.5 (n 1)"),
    ],
)
def test_an_estimate_never_shows_a_figure_it_does_not_have(estimate: Estimate, shown: str) -> None:
    assert str(estimate) == shown


def test_a_kpi_needs_a_name_and_a_direction() -> None:
    assert Kpi("Churn", unit="%", direction="down", target=5).target == 5
    with pytest.raises(ArgumentError, match="name"):
        Kpi(" ")
    with pytest.raises(ArgumentError, match="direction"):
        Kpi("NPS", direction="left")  # type: ignore[arg-type]
