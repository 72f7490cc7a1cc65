"""The journeys that come with the package: whole in both languages, and usable."""

from __future__ import annotations

import re

import pytest

from cjm_widgets.model.journey import PRESETS, Journey

FULL = ("six", "four", "five")


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_its_names_in_both_languages(name: str) -> None:
    journey = Journey.preset(name)
    assert journey.key == name
    assert set(journey.names) == {"en", "fr"}
    for stage in journey:
        assert set(stage.names) == {"en", "fr"}
        assert set(stage.goal) == {"en", "fr"}
        assert all(text.strip() for text in (*stage.names.values(), *stage.goal.values()))


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("what", ["touchpoints", "difficulties", "remedies", "vocabulary"])
def test_every_stage_of_a_full_preset_has_every_list_in_both_languages(
    name: str, what: str
) -> None:
    for stage in Journey.preset(name):
        lists = getattr(stage, what)
        assert set(lists) == {"en", "fr"}, stage.key
        english, french = lists["en"], lists["fr"]
        if what == "vocabulary":
            assert min(len(english), len(french)) >= 25, stage.key
        else:
            assert len(english) == len(french), (stage.key, what)
        for items in (english, french):
            assert len(set(items)) == len(items)
            assert all(item == item.strip() and item for item in items)


def test_the_six_stages_stand_in_the_order_of_the_purchase() -> None:
    assert [stage.key for stage in Journey.preset("six").top] == [
        "discovery",
        "consideration",
        "decision",
        "purchase",
        "retention",
        "advocacy",
    ]
    assert [stage.name("fr") for stage in Journey.preset("six")] == [
        "Découverte",
        "Considération",
        "Décision",
        "Action",
        "Rétention",
        "Recommandation",
    ]


def test_the_last_of_four_phases_has_three_parts() -> None:
    journey = Journey.preset("four")
    assert [stage.key for stage in journey.top] == [
        "discovery",
        "evaluation",
        "decision",
        "post-purchase",
    ]
    assert [stage.name() for stage in journey.parts("post-purchase")] == [
        "Delivery and first use",
        "Opinion",
        "Loyalty and recommendation",
    ]


def test_a_day_is_ordered_by_time_and_blank_has_no_stages() -> None:
    assert Journey.preset("day").kind == "day"
    assert len(Journey.preset("day")) == 6
    assert len(Journey.preset("blank")) == 0


@pytest.mark.parametrize("name", PRESETS)
def test_no_word_points_to_two_stages_of_a_preset(name: str) -> None:
    for language in ("en", "fr"):
        seen: dict[str, str] = {}
        for stage in Journey.preset(name):
            for word in stage.vocabulary.get(language, ()):
                assert seen.setdefault(word, stage.key) == stage.key, word


@pytest.mark.parametrize("name", PRESETS)
def test_french_is_set_with_typographic_apostrophes(name: str) -> None:
    for stage in Journey.preset(name):
        french = [stage.names["fr"], stage.goal["fr"]]
        for what in ("touchpoints", "difficulties", "remedies", "vocabulary"):
            french += stage.listed(what, "fr")
        assert not [text for text in french if re.search(r"\w'\w", text)]
