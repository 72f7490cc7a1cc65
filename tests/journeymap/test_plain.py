"""Facts as JSON and back."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

VIEW = Path(__file__).resolve().parent.parent / "view"
if str(VIEW) not in sys.path:
    sys.path.insert(0, str(VIEW))

from shop_example import shop  # noqa: E402

from cjm_widgets.errors import ReadError  # noqa: E402
from cjm_widgets.journeymap import facts as parts  # noqa: E402
from cjm_widgets.journeymap import plain  # noqa: E402
from cjm_widgets.journeymap.facts import JourneyMap  # noqa: E402

figures = st.floats(-1, 1)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
words = st.text(max_size=20)
entries = st.builds(
    parts.Entry,
    words,
    st.sampled_from(["coded", "note"]),
    st.none() | st.integers(0, 9),
    valence=figures,
)
panels = st.builds(
    parts.KpiPanel,
    words,
    st.none() | figures,
    at=st.none() | days,
    history=st.lists(st.tuples(days, figures), max_size=3).map(tuple),
    on_target=st.none() | st.booleans(),
)
said = st.builds(parts.Quote, words, words, st.none() | figures, at=st.none() | days)
columns = st.builds(
    parts.StageColumn,
    words,
    words,
    st.integers(1, 20),
    mean=st.none() | figures,
    lanes=st.dictionaries(words, st.lists(entries, max_size=2).map(tuple), max_size=2),
    quotes=st.lists(said, max_size=2).map(tuple),
    kpis=st.lists(panels, max_size=2).map(tuple),
    target=st.none() | st.builds(parts.Target, st.none() | figures, words),
    compared=st.none() | st.builds(parts.Difference, st.none() | figures, p=st.none() | figures),
)
cards = st.builds(
    parts.Persona,
    words,
    words,
    filter=st.dictionaries(words, st.lists(words, max_size=2).map(tuple)),
)
maps = st.builds(
    JourneyMap,
    words,
    st.sampled_from(["en", "fr"]),
    st.just("coded"),
    words,
    st.lists(columns, max_size=3).map(tuple),
    made=st.none() | st.datetimes(),
    personas=st.lists(cards, max_size=2).map(tuple),
    kind=st.sampled_from(parts.KINDS),
)


@given(maps)
@settings(max_examples=80, deadline=None)
def test_any_map_comes_back_equal(facts: JourneyMap) -> None:
    assert plain.from_json(plain.to_json(facts)) == facts


def test_the_shop_comes_back_equal_in_both_languages() -> None:
    for facts in (shop(6), shop(14, language="fr")):
        assert plain.from_json(plain.to_json(facts)) == facts


def changed(change: Any) -> str:
    given_ = plain.dumped(shop(2))
    change(given_)
    return json.dumps(given_)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(format="other"), "no map"),
        (lambda d: d.update(version=99), "pip install -U"),
        (lambda d: d["map"].update(colour="red"), "newer version"),
        (lambda d: d["map"].pop("title"), "title"),
        (lambda d: d["map"].update(title=3), r"map\.title is str"),
        (lambda d: d["map"]["stages"][0].update(mean="high"), r"stages\[0\]\.mean"),
        (lambda d: d["map"]["stages"][0].update(grade="superb"), "superb"),
        (lambda d: d["map"].update(stages={}), "a list"),
        (lambda d: d["map"].update(made="yesterday"), "no datetime"),
        (lambda d: d.update(map=[]), "an object"),
    ],
)
def test_what_is_no_map_is_refused_with_its_place(change: Any, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        plain.from_json(changed(change), "map.json")


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "null", "3", "\x00"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ReadError):
        plain.from_json(text, "map.json")


def test_a_picture_with_an_address_is_not_taken() -> None:
    card = parts.Persona("a", "A", picture="https://evil.example/track.png")
    facts = dataclasses.replace(shop(1), personas=(card,))
    assert plain.from_json(plain.to_json(facts)).personas[0].picture == ""
