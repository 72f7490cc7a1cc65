"""The maturity check: levels, scores, and what to do next."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cjm_widgets as cjm
from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.curves.maturity import DIMENSIONS, LEVELS, QUESTIONS, maturity
from cjm_widgets.words import texts

ANSWERS = st.lists(st.sampled_from([0, 1, 2]), min_size=16, max_size=16)


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ([0] * 16, 1),
        ([2] * 16, 5),
        ([2, 2, 1, 1] + [0] * 12, 2),
        ([2, 1, 1, 1] + [2] * 12, 1),
        ([2] * 4 + [0] * 4 + [2] * 8, 2),
        ([2] * 8 + [2, 2, 2, 0] + [0] * 4, 4),
    ],
)
def test_a_level_needs_three_quarters_of_its_points_and_of_every_level_below(
    answers: list[int], level: int
) -> None:
    assert maturity(answers).level == level


@settings(max_examples=60, deadline=None)
@given(ANSWERS, st.integers(0, 15))
def test_a_better_answer_never_lowers_a_level_or_a_score(answers: list[int], place: int) -> None:
    better = [2 if k == place else answer for k, answer in enumerate(answers)]
    before, after = maturity(answers), maturity(better)
    assert after.level >= before.level
    assert (after.dimensions["score"] >= before.dimensions["score"]).all()
    assert before.dimensions["score"].between(1, 5).all()
    assert (before.steps["level"] <= before.level + 1).all()


def test_words_numbers_and_flags_are_answers_and_several_people_are_averaged() -> None:
    french = {key: "oui" if key.endswith("2") else "en partie" for key in QUESTIONS}
    assert maturity(french).level == 2
    flags = {key: key.endswith("2") for key in QUESTIONS}
    assert maturity(flags).level == 2
    two = pd.DataFrame(
        {
            "question": [*QUESTIONS, *QUESTIONS],
            "answer": ["yes"] * 16 + ["no"] * 16,
            "who": ["a"] * 16 + ["b"] * 16,
        }
    )
    found = maturity(two)
    assert (found.level, found.people) == (1, 2)
    assert found.dimensions["score"].tolist() == [3, 3, 3, 3]


def test_what_is_no_answer_is_refused() -> None:
    whole = dict.fromkeys(QUESTIONS, "yes")
    with pytest.raises(ArgumentError, match=r"1 of 16 statements have no answer: maps2"):
        maturity({key: answer for key, answer in whole.items() if key != "maps2"})
    with pytest.raises(ArgumentError, match="no answer: voice3"):
        maturity(whole | {"voice3": None})
    with pytest.raises(UnknownName, match="perhaps"):
        maturity(whole | {"voice3": "perhaps"})
    with pytest.raises(UnknownName, match="maps9"):
        maturity(whole | {"maps9": "yes"})
    with pytest.raises(ArgumentError, match="16 are needed"):
        maturity([1, 2])
    with pytest.raises(ArgumentError, match="answered twice"):
        maturity(pd.DataFrame({"question": ["maps2"] * 2, "answer": ["yes"] * 2}))


def test_every_statement_has_its_words_in_both_languages() -> None:
    for language in ("en", "fr"):
        told = texts(language)["maturity"]
        assert set(told["questions"]) == set(told["steps"]) == set(QUESTIONS)
        assert set(told["dimensions"]) == set(DIMENSIONS)
        assert set(told["levels"]) == {"1", *map(str, LEVELS)}


def test_the_check_shows_its_statements_and_then_the_next_steps() -> None:
    asked = cjm.maturity(language="fr")
    assert "Au moins une équipe" in asked.html()
    assert len(asked.questions) == 16
    with pytest.raises(ArgumentError, match="no answers yet"):
        _ = asked.level
    made = cjm.maturity(["yes"] * 4 + ["no"] * 12)
    assert "To reach level 3" in made.html()
    assert made.steps["do"].str.contains("study.check").any()
    assert "Nothing is left" in cjm.maturity([2] * 16).html()
