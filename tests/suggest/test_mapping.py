"""Stages from a column: what a value stands for."""

from __future__ import annotations

import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.model.journey import Journey, Stage
from cjm_widgets.suggest import by_mapping, guess_mapping

SIX = Journey.preset("six")


def test_touchpoints_find_their_stages_and_what_tells_nothing_is_left_out() -> None:
    values = [
        "search",
        "Website",
        "quote",
        "cart",
        "Payment page",
        "customer service",
        "newsletter",
    ]
    values += ["review sites", "survey", "", None, "cart", 3, "page"]
    assert guess_mapping(values, SIX) == {
        "search": "discovery",
        "Website": "consideration",
        "quote": "decision",
        "cart": "purchase",
        "Payment page": "purchase",
        "customer service": "retention",
        "newsletter": "retention",
        "review sites": "advocacy",
    }


@pytest.mark.parametrize("language", ["en", "fr"])
def test_either_language_is_understood_the_given_one_first(language: str) -> None:
    values = ["Panier", "Réseau social", "Service client", "Rétention", "Checkout"]
    assert guess_mapping(values, SIX, language) == {
        "Panier": "purchase",
        "Réseau social": "discovery",
        "Service client": "retention",
        "Rétention": "retention",
        "Checkout": "purchase",
    }


def test_names_come_before_touchpoints_and_touchpoints_before_words() -> None:
    journey = Journey(
        "j",
        (
            Stage("a", {"en": "Start"}, vocabulary={"en": ("desk", "stay")}),
            Stage("b", {"en": "Stay"}, touchpoints={"en": ("front desk",)}),
        ),
    )
    assert guess_mapping(["STAY", "the front desks", "desk"], journey) == {
        "STAY": "b",
        "the front desks": "b",
        "desk": "b",
    }


def test_rows_get_the_stage_of_their_value() -> None:
    column = pd.Series(["Cart", " cart ", None, "shop", "CÀRT"], index=[5, 4, 3, 2, 1], dtype="str")
    stages = by_mapping(column, {"cart": "purchase"})
    assert stages.index.tolist() == [5, 4, 3, 2, 1]
    assert str(stages.dtype) == "str"
    assert stages.fillna("-").tolist() == ["purchase", "purchase", "-", "-", "purchase"]


def test_names_of_stages_become_keys_and_unknown_ones_are_refused() -> None:
    assert by_mapping(["x"], {"x": "Rétention"}, SIX).tolist() == ["retention"]
    with pytest.raises(UnknownName, match=r"mapping of 'x'.*did you mean 'purchase'"):
        by_mapping(["x"], {"x": "purchas"}, SIX)


def test_numbers_in_a_column_are_found_as_they_are_written() -> None:
    assert by_mapping(pd.Series([1, 2, 1]), {"1": "a"}).fillna("-").tolist() == ["a", "-", "a"]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (["a"], "is written"),
        ({"a": None}, "a stage is a text"),
        ({"a": "x", "A": "y"}, "two stages"),
    ],
)
def test_a_mapping_that_is_none_is_refused(mapping: object, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        by_mapping(["a"], mapping)  # type: ignore[arg-type]


def test_no_values_give_an_empty_column() -> None:
    assert by_mapping([], {"a": "b"}).empty
    assert str(by_mapping([], {}).dtype) == "str"
    assert guess_mapping([], SIX) == {}
