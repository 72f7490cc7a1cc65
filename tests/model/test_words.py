"""Interface words and colours: whole in both languages, legible in both themes."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from typing import Any

import pytest

from cjm_widgets.words import LANGUAGES, number, palette, say, texts


def leaves(tree: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        elif isinstance(value, list):
            yield from ((f"{path}{key}.{at}", item) for at, item in enumerate(value))
        else:
            assert isinstance(value, str), f"{path}{key}"
            yield path + key, value


def test_both_languages_hold_the_same_keys() -> None:
    english, french = dict(leaves(texts("en"))), dict(leaves(texts("fr")))
    assert sorted(english) == sorted(french)


def test_both_languages_hold_the_same_placeholders() -> None:
    french = dict(leaves(texts("fr")))
    for key, text in leaves(texts("en")):
        wanted, found = (set(re.findall(r"\{(\w+)", words)) for words in (text, french[key]))
        # "one text" may be said without its number
        assert wanted - {"n"} == found - {"n"}, key
        if not key.endswith(".one"):
            assert wanted == found, key


def test_no_word_is_empty_and_french_is_set_as_french() -> None:
    for language in LANGUAGES:
        assert not [key for key, text in leaves(texts(language)) if not text.strip()]
    wrong = [
        (key, text)
        for key, text in leaves(texts("fr"))
        if re.search(r"\w'\w", text) or re.search(r"[^\s\u202f\u00a0:/?&=][ ]?[;!?](?![\w/])", text)
    ]
    assert not wrong


def test_words_are_filled_in_as_the_language_writes_numbers() -> None:
    assert say("units.texts", "en", n=1234) == "1,234 texts"
    assert say("units.texts", "fr", n=0) == "0 texte"
    assert say("units.texts", "fr", n=1234) == "1\u202f234 textes"
    assert say("units.texts", "de", n=2) == "2 texts"
    with pytest.raises(KeyError):
        say("units.nothing")


def test_numbers_have_a_true_minus_and_no_negative_zero() -> None:
    assert number(-0.24, "en", digits=2) == "\u22120.24"
    assert number(-0.001, "en", digits=2) == "0.00"
    assert number(0.5, "fr", sign=True) == "+0,5"
    assert number(12, "fr") == "12"


def channels(colour: str) -> list[float]:
    return [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    ]


def luminance(colour: str) -> float:
    red, green, blue = channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(colour: str) -> tuple[float, float, float]:
    """CIE L*a*b* of an sRGB colour, D65."""
    r, g, b = channels(colour)
    white = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in white)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_the_measures_of_colour_are_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert lab("#ff0000") == pytest.approx((53.24, 80.09, 67.20), abs=0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_legible_on_every_ground_it_stands_on(theme: str) -> None:
    colours = palette()[theme]
    for stage in colours["stages"]:
        assert contrast(stage, colours["on_stage"]) >= 4.5, stage
    for ink, ground in itertools.product(("ink", "ink2"), ("background", "soft", "selected")):
        assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for mood in ("good", "bad"):
        for ground in (f"{mood}_background", "background", "soft"):
            assert contrast(colours[mood], colours[ground]) >= 4.5, (mood, ground)
    for edge in ("focus", "field"):
        assert contrast(colours[edge], colours["background"]) >= 3, edge


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_stages_are_told_apart_by_colour(theme: str) -> None:
    for one, other in itertools.combinations(palette()[theme]["stages"], 2):
        assert math.dist(lab(one), lab(other)) >= 20, (one, other)


def test_both_themes_name_the_same_colours() -> None:
    light, dark = palette()["light"], palette()["dark"]
    assert sorted(light) == sorted(dark)
    assert len(light["stages"]) == len(dark["stages"]) == 6
