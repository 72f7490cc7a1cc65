"""The map as a document that is patched."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest

import cjm_widgets as cjm
from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.live.board import Board
from cjm_widgets.view.maps.layout import rows_of
from cjm_widgets.view.parts.brand import Brand


@pytest.fixture
def facts(shop: cjm.Study) -> JourneyMap:
    return shop.map(filters=False).facts


def attributes(patch: dict[str, Any]) -> set[str]:
    return {event["attr"] for event in patch["events"]}


def with_mean(facts: JourneyMap, key: str, mean: float) -> JourneyMap:
    stages = tuple(dataclasses.replace(c, mean=mean) if c.key == key else c for c in facts.stages)
    return dataclasses.replace(facts, stages=stages)


def test_the_same_facts_make_no_patch(facts: JourneyMap) -> None:
    board = Board(facts, Brand())
    board.item()
    assert board.update(facts) is None


def test_another_mean_changes_data_and_its_header_and_adds_no_model(facts: JourneyMap) -> None:
    board = Board(facts, Brand())
    board.item()
    patch = board.update(with_mean(facts, "purchase", 0.91))
    assert patch is not None
    assert attributes(patch) <= {"data", "text"}
    assert "data" in attributes(patch)
    assert "0.91" in json.dumps(patch)
    assert '"type": "object"' not in json.dumps(patch), "no new model"


def test_a_lane_that_goes_keeps_the_cards_and_the_figure_of_the_others(facts: JourneyMap) -> None:
    board = Board(facts, Brand())
    board.item()
    curve = board._cards["lane", "curve", 1]
    kept = {key: card for key, card in board._cards.items() if key[1] == "quotes"}
    gone = dataclasses.replace(facts, lanes=tuple(x for x in facts.lanes if x != "pains"))
    patch = board.update(gone)
    assert patch is not None
    assert "children" in attributes(patch)
    assert board._cards["lane", "curve", 1] is curve
    assert {key: board._cards[key] for key in kept} == kept
    assert ("lane", "pains", 1) not in board._cards
    back = board.update(facts)
    assert back is not None
    assert ("lane", "pains", 1) in board._cards


def test_what_is_patched_is_what_a_fresh_board_would_show(facts: JourneyMap) -> None:
    board = Board(with_mean(facts, "purchase", -0.9), Brand())
    board.item()
    fewer = dataclasses.replace(facts, lanes=tuple(x for x in facts.lanes if x != "goals"))
    board.update(fewer)
    board.update(facts)
    fresh = Board(facts, Brand())
    texts = {key: card.text for key, card in board._cards.items() if hasattr(card, "text")}
    assert texts == {k: c.text for k, c in fresh._cards.items() if hasattr(c, "text")}
    data = {name: dict(source.data) for name, source in board._sources.items()}
    assert data == {name: dict(source.data) for name, source in fresh._sources.items()}


def test_the_curve_stands_under_the_headers(facts: JourneyMap) -> None:
    board = Board(facts, Brand())
    rows = {row: (card.name or "") for card, row, *_ in board._grid.children}
    assert rows[0].startswith(("head", "label"))
    assert any(card.name == "curve" and row == 1 for card, row, *_ in board._grid.children)
    assert rows_of(facts)[1]["lane"] != "curve", "on the map itself it stands elsewhere"


def test_other_stages_or_other_looks_need_a_new_board(facts: JourneyMap) -> None:
    board = Board(facts, Brand())
    assert board.fits(facts, Brand())
    assert not board.fits(facts, Brand(accent="#8a1c5a"))
    assert not board.fits(dataclasses.replace(facts, stages=facts.stages[:3]), Brand())


def test_the_dashboards_style_names_nothing_of_the_coding_widget_inside_it() -> None:
    js = Path(__file__).resolve().parents[2] / "js/widgets"
    selectors = re.findall(r"([^{}]+)\{", (js / "dashboard/style.css").read_text())
    said = [
        re.search(r"\.cjm-board\s+\.([\w-]+)", part) for s in selectors for part in s.split(",")
    ]
    own = {found[1] for found in said if found}
    sheets = "".join(file.read_text() for file in (js / "coder").rglob("*.css"))
    theirs = set(re.findall(r"\.([a-zA-Z][\w-]*)", sheets))
    assert len(own) > 8
    assert own & theirs == {"cjm-coder"}
