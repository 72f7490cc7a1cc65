"""Frames of scores: what counts as known, what is missing, what is refused."""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib import metadata

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.score import (
    Explains,
    Scorer,
    default_scorer,
    score_by_language,
    score_texts,
    scorer,
    scorer_names,
)
from cjm_widgets.score import table as tables


def test_a_text_without_known_words_is_not_neutral_but_unknown() -> None:
    frame = score_texts(["a great shop", "it came on Monday", "ordinary, not good, not bad"])
    assert frame["known"].tolist() == [True, False, True]
    assert frame["valence"].tolist()[1] == 0.0
    assert frame.dtypes.astype(str).to_dict() == {"valence": "float64", "known": "bool"}


def test_words_that_cancel_out_are_known() -> None:
    frame = score_texts(["good bad"], scorer="textblob")
    assert frame["known"].tolist() == [True]
    assert frame["valence"].tolist() == [0.0] or abs(frame["valence"][0]) < 0.01


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, np.nan, pd.NaT])
def test_a_missing_text_has_no_valence(missing: object) -> None:
    frame = score_texts(["great", missing, "bad"])  # type: ignore[list-item]
    assert frame["known"].tolist() == [True, False, True]
    assert frame["valence"].isna().tolist() == [False, True, False]


def test_lists_series_and_generators_give_the_same_rows_in_order() -> None:
    texts = ["great", "awful", None, "fine", "great"]
    expected = score_texts(texts)
    assert list(expected.index) == [0, 1, 2, 3, 4]
    for other in (pd.Series(texts, dtype="str", index=[9, 3, 3, 1, 0]), (t for t in texts)):
        pd.testing.assert_frame_equal(score_texts(other), expected)


def test_no_texts_give_an_empty_frame_with_its_columns() -> None:
    frame = score_texts([])
    assert frame.empty
    assert frame.dtypes.astype(str).to_dict() == {"valence": "float64", "known": "bool"}


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one text", r"write \[text\]"),
        (pd.DataFrame({"a": ["x"], "b": ["y"]}), "choose one of: a, b"),
        (["fine", 3], "text 1 is 3, of type int"),
        (["fine", b"x"], "text 1"),
    ],
)
def test_what_is_no_column_of_texts_is_refused(texts: object, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        score_texts(texts)  # type: ignore[arg-type]


def test_the_default_scorer_is_that_of_the_language() -> None:
    assert score_texts(["vraiment nul"], lang="fr")["valence"][0] < 0
    for code, name in (("en", "cjm-en"), ("fr", "cjm-fr"), ("fr-CA", "cjm-fr")):
        chosen = default_scorer(code)
        assert chosen is not None
        assert chosen.name == name
        package = {"en": "textblob", "fr": "textblob-fr"}[code[:2]]
        assert chosen.version.endswith(f"+{metadata.version(package)}")
        assert isinstance(chosen, Scorer)
    assert scorer("textblob", "fr") == scorer("textblob-fr") != default_scorer("fr")


def test_a_language_without_a_scorer_leaves_texts_unscored_and_says_so() -> None:
    assert default_scorer("de") is None
    with pytest.warns(UserWarning, match="no scorer for texts in 'de': 2 texts"):
        frame = score_texts(["gut", "schlecht"], lang="de")
    assert frame["valence"].isna().all()
    assert not frame["known"].any()


def test_asking_by_name_for_what_there_is_not_is_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean 'textblob'"):
        score_texts(["x"], "texblob")
    with pytest.raises(UnknownName, match="'de'"):
        score_texts(["x"], "textblob", lang="de")


def test_any_function_is_a_scorer_and_none_means_it_knows_nothing() -> None:
    def length(text: str) -> float | None:
        return None if "?" in text else len(text) / 10

    frame = score_texts(["abc", "?", "12345678"], length)
    assert frame["valence"].tolist() == [0.3, 0.0, 0.8]
    assert frame["known"].tolist() == [True, False, True]
    assert scorer(length).name == "length"


@pytest.mark.parametrize("bad", [1.5, -1.0001, math.nan, math.inf, -math.inf, "x", [1, 2], True])
def test_a_function_that_gives_no_valence_is_refused_by_position(bad: object) -> None:
    with pytest.raises(ArgumentError, match="for text 2"):
        score_texts(["a", "b", "c"], lambda text: bad if text == "c" else 0.5)  # type: ignore[arg-type,return-value]


def test_a_function_that_fails_is_named_with_its_text_and_its_reason() -> None:
    def picky(text: str) -> float:
        return 1 / len(text)

    with pytest.raises(ArgumentError, match="'picky' failed on text 1: ZeroDivisionError") as why:
        score_texts(["a", "", "c"], picky)
    assert isinstance(why.value.__cause__, ZeroDivisionError)


class Own:
    """A scorer of a user's own."""

    name = "own"
    version = "1"
    language = ""

    def __init__(self, language: str = "") -> None:
        self.language = language

    def score(self, texts: Sequence[str]) -> tuple[list[float], list[bool]]:
        return [0.25] * len(texts), [True] * len(texts)


def test_an_object_with_the_protocol_is_a_scorer_and_its_class_is_not() -> None:
    assert score_texts(["a", None], Own())["valence"].tolist()[0] == 0.25  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="is a class"):
        score_texts(["a"], Own)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="not int"):
        score_texts(["a"], 3)  # type: ignore[arg-type]


def test_a_scorer_that_forgets_texts_is_refused() -> None:
    class Lazy(Own):
        def score(self, texts: Sequence[str]) -> tuple[list[float], list[bool]]:
            return [0.0], [True]

    with pytest.raises(ArgumentError, match="for 2 texts"):
        score_texts(["a", "b"], Lazy())  # type: ignore[arg-type]


def test_other_packages_plug_scorers_in(monkeypatch: pytest.MonkeyPatch) -> None:
    points = {
        "own": metadata.EntryPoint("own", "fake:Own", tables.GROUP),
        "broken": metadata.EntryPoint("broken", "fake:nothing", tables.GROUP),
    }
    loads = {"own": Own, "broken": 42}
    monkeypatch.setattr(tables, "_plugged", lambda: points)
    monkeypatch.setattr(metadata.EntryPoint, "load", lambda self: loads[self.name])
    made = scorer("own", "de")
    assert (made.name, made.language) == ("own", "de")
    assert score_texts(["gut"], "own", lang="de")["valence"].tolist() == [0.25]
    with pytest.raises(ArgumentError, match="neither a scorer nor"):
        scorer("broken")


def test_texts_of_several_languages_are_scored_each_by_its_own() -> None:
    frame = score_by_language(["great", "nul", "gut", None], ["en", "fr", "de", "fr"])
    assert frame["scorer"].tolist()[:2] == ["cjm-en", "cjm-fr"]
    assert frame["valence"][0] > 0 > frame["valence"][1]
    assert frame["valence"].isna().tolist() == [False, False, True, True]
    assert frame["scorer"].isna().tolist() == [False, False, True, False]
    assert str(frame["scorer_version"].dtype) == "str"
    with pytest.raises(ArgumentError, match="1 texts but 2 languages"):
        score_by_language(["great"], ["en", "fr"])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "This is not a very good shop, 😀 really terrible! I love it :)"),
        ("fr", "Ce n’est pas très bon, vraiment nul ! J’adore"),
        ("en", "It came on Monday"),
    ],
)
def test_the_words_behind_a_score_stand_where_they_are_said_to(language: str, text: str) -> None:
    chosen = default_scorer(language)
    assert isinstance(chosen, Explains)
    frame = chosen.explain(text)
    assert [text[a:b] for a, b in zip(frame["start"], frame["stop"], strict=True)] == list(
        frame["word"]
    )
    assert frame["start"].is_monotonic_increasing
    valence = score_texts([text], lang=language)["valence"][0]
    assert frame["weight"].sum() == pytest.approx(valence)


def test_the_scorers_by_name_are_listed() -> None:
    assert {"textblob", "textblob-fr"} <= set(scorer_names())
