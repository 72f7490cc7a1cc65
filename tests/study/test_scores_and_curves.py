"""Scores, curves and KPIs of a study."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.model.columns import CURVE, SCORES, check
from cjm_widgets.model.journey import Journey, Stage
from cjm_widgets.study import Study

Make = Callable[..., Study]

GOOD, BAD = "This is wonderful, great and lovely.", "This is terrible, awful and bad."
FRENCH = "Le paiement est très lent et vraiment mauvais, quelle horreur."
GERMAN = "Die Lieferung war leider viel zu spät und der Karton war beschädigt."


RATED: dict[str, Any] = {"text": "words", "id": "id", "stage": "step", "valence": "mark"}
FIVE = RATED | {"valence_scale": (-2, 2)}
THREE = RATED | {"valence_scale": (1, 3)}


def frame(texts: list[str], **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"id": [f"t{i}" for i in range(len(texts))], "words": texts} | columns)


def test_texts_are_scored_once_and_only_what_is_new(place: str) -> None:
    with Study(place) as study:
        study.add(frame([GOOD, BAD]), text="words", id="id")
        first = study.score()
        assert (first.texts, first.unknown, first.without) == (2, 0, {})
        assert study.score().texts == 0
        study.add(frame([GOOD, BAD, "ok then"]), text="words", id="id")
        more = study.score()
        assert more.texts == 1
        scores = check(study.scores("cjm-en"), SCORES, "test")
        assert len(scores) == 3
        assert set(scores["scorer"]) == {"cjm-en"}
        assert scores["valence"][0] > 0.3 > -0.3 > scores["valence"][1]
        assert "1 text scored (cjm-en" in str(more)


def test_scores_come_by_text_by_sentence_and_by_passage(study: Study) -> None:
    study.add(frame([f"{GOOD} {BAD}"]), text="words", id="id")
    study.set_journey(["a"])
    study.score()
    assert [len(study.scores(unit=unit)) for unit in ("text", "sentence", "passage")] == [1, 2, 0]
    study.add_codings(pd.DataFrame({"id": ["t0"], "start": [0], "stop": [len(GOOD)]}), coder="ana")
    assert study.score().texts == 0
    passages = study.scores(unit="passage")
    assert len(passages) == 1
    assert passages["valence"][0] > 0.3
    with pytest.raises(ArgumentError, match="'sentence'"):
        study.scores(unit="word")
    with pytest.raises(UnknownName, match="'cjm-en'"):
        study.scores("cjm-enn")


def test_each_language_has_its_scorer_and_a_third_is_counted_and_left(study: Study) -> None:
    study.add(frame([GOOD, FRENCH, GERMAN, GERMAN + " Schade!"]), text="words", id="id")
    report = study.score()
    assert report.texts == 2
    assert report.without == {"de": 2}
    assert [name.split()[0] for name in report.scorers] == ["cjm-en", "cjm-fr"]
    assert "de: 2" in str(report)
    assert "de: 2" in report._repr_html_()
    scores = study.scores().set_index("scorer")["valence"]
    assert scores["cjm-en"] > 0 > scores["cjm-fr"]


def test_a_named_scorer_takes_the_texts_it_is_for(study: Study) -> None:
    study.add(frame([GOOD, FRENCH, GERMAN]), text="words", id="id")
    report = study.score("textblob-fr")
    assert (report.texts, report.without) == (1, {"en": 1, "de": 1})
    assert study.score("textblob").texts == 1  # the French one has its score already
    with pytest.raises(UnknownName, match="'textblob'"):
        study.score("texblob")


def test_short_texts_are_taken_to_be_in_the_language_of_the_study(new: Make) -> None:
    study = new(language="fr")
    study.add(frame(["ok", "Nickel."]), text="words", id="id")
    study.score()
    assert set(study.feedback()["language"]) == {"fr"}


def test_a_text_without_a_known_word_is_counted_as_such(study: Study) -> None:
    study.add(frame(["The parcel.", GOOD], step=["a", "a"]), text="words", id="id", stage="step")
    report = study.score()
    assert report.unknown == 1
    assert "in 1 of them no word is known" in str(report)
    assert study.scores()["known"].tolist() == [False, True]
    row = study.curve().frame.iloc[0]
    assert (row["n"], row["unknown"]) == (1, 0.5)


def test_a_function_scores_all_texts_and_a_changed_one_scores_anew(study: Study) -> None:
    study.add(frame([GOOD, GERMAN], step=["a", "a"]), text="words", id="id", stage="step")

    def mine(text: str) -> float:
        return 0.5

    assert study.score(mine).texts == 2
    assert study.score(mine).texts == 0
    assert study.curve("automatic", scorer="mine").frame["mean"].tolist() == [0.5]

    old = mine

    def mine(text: str) -> float:  # type: ignore[no-redef]  # as a user runs a cell again
        return -0.5

    assert study.score(mine).texts == 2
    assert study.curve("automatic", scorer="mine").frame["mean"].tolist() == [-0.5]
    assert study.score(old).texts == 0
    assert study.curve("automatic", scorer="mine").frame["mean"].tolist() == [0.5]
    with pytest.raises(ArgumentError, match="−1 and 1"):
        study.score(lambda _: 7)


def test_an_automatic_curve_needs_scores_and_says_how_to_get_them(study: Study) -> None:
    with pytest.raises(NoEvidence, match=r"study\.add"):
        study.curve("automatic")
    study.add(frame([GOOD]), text="words", id="id")
    with pytest.raises(NoEvidence, match=r"study\.score\(\)"):
        study.curve()
    with pytest.raises(NoEvidence, match=r"study\.score\(\)"):
        study.map()
    study.score()
    with pytest.raises(NoEvidence, match=r"'vader'.*scores by cjm-en.*study\.score\('vader'\)"):
        study.curve(scorer="vader")


def test_a_choice_that_could_not_be_drawn_is_not_kept(study: Study) -> None:
    with pytest.raises(NoEvidence):
        study.curve("automatic")
    assert study.default_estimate() == "coded"
    with pytest.raises(UnknownName, match="'coded'"):
        study.curve("codded")


def test_the_estimate_stands_on_the_picture_and_is_kept(place: str) -> None:
    with Study(place) as study:
        study.add(frame([GOOD, BAD], step=["a", "b"], mark=[-2, 2]), **FIVE)
        study.score()
        assert study.curve().estimate == "coded"
        assert study.curve("automatic").estimate == "automatic"
        assert study.curve().estimate == "automatic"
        assert study.map().facts.estimate == "automatic"
    with Study(place) as study:
        view = study.curve()
        assert view.estimate == "automatic"
        assert "cjm-en" in view.scorer
        assert "cjm-en" in view.html()
        assert study.curve("coded").scorer == ""


def test_people_and_scores_are_never_mixed(study: Study) -> None:
    texts = [GOOD, GOOD, BAD]
    study.add(frame(texts, step=["a", "a", "b"], mark=[-2, None, 2]), **FIVE)
    study.score()
    coded = study.curve("coded").frame.set_index("stage")
    assert coded.loc["a", ["n", "mean"]].tolist() == [1, -1]
    assert coded.loc["b", "mean"] == 1
    assert coded["predicted"].tolist() == [0, 0]
    automatic = study.curve("automatic").frame.set_index("stage")
    assert automatic["n"].tolist() == [2, 1]
    assert automatic.loc["a", "mean"] > 0 > automatic.loc["b", "mean"]
    assert automatic["predicted"].tolist() == [0, 0]  # the stages come from the file


def test_without_a_stage_column_touchpoints_and_words_predict_and_the_rest_is_counted(
    study: Study,
) -> None:
    texts = [BAD, "The payment page crashed, awful.", GOOD, GOOD + " Lovely people."]
    study.add(
        frame(texts, where=["newsletter", None, None, None]),
        text="words",
        id="id",
        touchpoint="where",
    )
    study.score()
    view = study.curve()
    rows = view.frame.set_index("stage")
    assert rows.loc[["purchase", "retention"], "n"].tolist() == [1, 1]
    assert rows.loc[["purchase", "retention"], "predicted"].tolist() == [1, 1]
    assert view.without_stage == 2
    assert "2" in view.html()
    facts = study.map().facts
    assert facts.totals.without_stage == 2
    assert facts.totals.predicted == 1


def test_a_mapping_of_ones_own_is_kept_checked_and_forgotten(place: str) -> None:
    with Study(place) as study:
        study.add(frame([BAD, GOOD], ask=["What went wrong?", "Other"]), text="words", id="id")
        study.score()
        assert study.curve().frame["n"].sum() == 0
        held = study.stages_from("ask", {"What went wrong?": "Purchase", "Other": "advocacy"})
        assert held == {"What went wrong?": "purchase", "Other": "advocacy"}
        rows = study.curve().frame.set_index("stage")["n"]
        assert (rows["purchase"], rows["advocacy"]) == (1, 1)
        with Study(place) as other:
            other.stages_from("ask", {"Other": "purchase"})
        assert study.curve().frame.set_index("stage")["n"].to_dict()["advocacy"] == 0
        assert study.stages_from("ask") == {}
        assert study.curve().frame["n"].sum() == 0
        with pytest.raises(UnknownName, match="'purchase'"):
            study.stages_from("ask", {"Other": "purchas"})
        with pytest.raises(UnknownName, match="'ask'"):
            study.stages_from("asked", {"Other": "purchase"})


def test_a_mapping_to_a_stage_that_is_gone_is_passed_over(study: Study) -> None:
    study.set_journey(["a", "b"])
    study.add(frame([BAD, GOOD], ask=["x", "y"]), text="words", id="id")
    study.score()
    study.stages_from("ask", {"x": "a", "y": "b"})
    study.set_journey(["a", "c"])
    view = study.curve()
    assert view.frame["n"].tolist() == [1, 0]
    assert view.without_stage == 1
    assert len(study.map().page()) > 1000


def test_gaps_stay_gaps(study: Study) -> None:
    study.set_journey(["a", "b", "c"])
    study.add(frame([GOOD], step=["a"], mark=[2]), **FIVE)
    curve = check(study.curve().frame, CURVE, "test")
    assert curve["n"].tolist() == [1, 0, 0]
    assert np.isnan(curve["mean"]).tolist() == [False, True, True]
    assert curve["grade"].tolist() == ["thin", "none", "none"]
    assert [np.isnan(stage.mean or np.nan) for stage in study.map().facts.stages] == [
        False,
        True,
        True,
    ]


def test_by_gives_a_curve_of_each_group_and_suppresses_small_ones(study: Study) -> None:
    n = 12
    study.add(
        frame(
            [f"{GOOD} {i}" for i in range(n)],
            who=[f"r{i}" for i in range(n)],
            step=["a", "b"] * 6,
            mark=[2, -2] * 6,
            persona=["new"] * 9 + ["old"] * 2 + [None],
        ),
        respondent="who",
        **FIVE,
    )
    curve = study.curve(by="persona").frame
    assert curve.columns[0] == "persona"
    assert curve[["persona", "stage", "n"]].values.tolist() == [
        ["new", "a", 5],
        ["new", "b", 4],
        ["old", "a", 1],
        ["old", "b", 1],
    ]
    small = study.curve(by="persona", minimum=2).frame
    assert small["suppressed"].tolist() == [False, False, True, True]
    assert small["n"].tolist() == [5, 4, 0, 0]
    html = study.curve(by="persona").html()
    assert "new" in html
    assert "old" in html
    with pytest.raises(UnknownName, match="'persona'"):
        study.curve(by="personas")
    with pytest.raises(NoEvidence, match="'channel'"):
        study.curve(by="channel")


def test_groups_that_are_numbers_keep_their_order_and_their_look(study: Study) -> None:
    study.add(frame(["a b", "c d", "e f"], step=["a"] * 3, mark=[1, 2, 3], nps=[10, 9, 2]), **THREE)
    assert study.curve(by="nps").frame["nps"].tolist() == ["2", "9", "10"]


def test_a_column_of_ids_is_no_column_of_groups(study: Study) -> None:
    n = 101
    study.add(
        frame([f"text {i}" for i in range(n)], step=["a"] * n, mark=[1, 3] * 50 + [2], no=range(n)),
        **THREE,
    )
    with pytest.raises(ArgumentError, match="101 different values"):
        study.curve(by="no")


def test_long_values_group_as_well_as_short_ones(study: Study) -> None:
    long = "What could we do better? " * 8 + "Why?"
    study.add(frame(["a b", "c d"], step=["a"] * 2, mark=[1, 3], ask=[long, "Why?"]), **THREE)
    assert study.curve(by="ask").frame["ask"].tolist() == [long, "Why?"]


@pytest.mark.parametrize(
    "name",
    [
        "feedback",
        "known",
        "predicted",
        "n",
        "mean",
        "grade",
        "suppressed",
        "=cmd",
        "<script>",
        "a.b",
        'say "x"',
        "it's",
        "50%_a\\b",
        "été",
        "(group)",
    ],
)
def test_an_attribute_may_be_called_anything(place: str, name: str) -> None:
    with Study(place) as study:
        study.add(
            frame(["a b", "c d"], step=["a"] * 2, mark=[1, 3]).assign(**{name: ["x", "y"]}), **THREE
        )
        view = study.curve(by=name)
        curve = view.frame
        assert curve.columns[0] in (name, f"{name} (attribute)")
        assert curve.iloc[:, 0].tolist() == ["x", "y"]
        assert curve["mean"].tolist() == [-1, 1]
        assert "<script>" not in view.html()


def test_sub_stages_stand_in_curve_and_map_where_they_have_evidence(study: Study) -> None:
    study.set_journey(
        Journey(
            "mine",
            (
                Stage("buy"),
                Stage("cart", parent="buy"),
                Stage("pay", parent="buy"),
                Stage("after"),
                Stage("open", parent="after"),
                Stage("return", parent="after"),
            ),
        )
    )
    study.add(frame(["a b", "c d", "e f"], step=["buy", "after", "open"], mark=[-2, 0, 2]), **FIVE)
    expected = ["buy", "after", "open", "return"]
    assert study.curve().frame["stage"].tolist() == expected
    assert study.curve().frame["n"].tolist() == [1, 1, 1, 0]
    facts = study.map().facts
    assert [stage.key for stage in facts.stages] == expected
    assert [stage.mean for stage in facts.stages] == [-1, 0, 1, None]
    assert [len(stage.quotes) for stage in facts.stages] == [1, 1, 1, 0]


def test_codings_at_stages_that_are_retired_count_as_without_a_stage(study: Study) -> None:
    study.add(frame([GOOD, BAD], step=["a", "b"], mark=[2, -2]), **FIVE)
    study.score()
    study.set_journey(["a", "c"])
    for estimate in ("coded", "automatic"):
        view = study.curve(estimate)
        assert view.frame[["stage", "n"]].values.tolist() == [["a", 1], ["c", 0]]
        assert view.without_stage == 1
        assert [stage.key for stage in study.map().facts.stages] == ["a", "c"]
    assert study.codings()["stage"].tolist() == ["a", "b"]
    assert study.undo("editor") == "journey"
    assert study.curve("coded").frame["n"].tolist() == [1, 1]


def test_intervals_cluster_by_respondent(new: Make) -> None:
    marks = [2, 2, 2, 2, -2, -2, -2, -2, 1, 1, 1, 1]
    texts = frame([f"text number {i}" for i in range(12)], step=["a"] * 12, mark=marks)
    alone, together = new("alone.cjm"), new("together.cjm")
    alone.add(texts, **FIVE)
    together.add(texts.assign(who=["r1"] * 4 + ["r2"] * 4 + ["r3"] * 4), respondent="who", **FIVE)
    one, other = (study.curve().frame.iloc[0] for study in (alone, together))
    assert one["mean"] == other["mean"]
    assert (one["respondents"], other["respondents"]) == (12, 3)
    assert other["high"] - other["low"] > one["high"] - one["low"]


def test_questions_that_all_seem_to_mean_one_stage_tell_nothing(tmp_path: Path) -> None:
    texts = [
        "A lovely parcel, but it came late.",
        "A good search engine result brought me.",
        "A bad payment page.",
    ]
    frame = pd.DataFrame({"text": texts, "question": [f"Trust {name} - Q1" for name in "ABC"]})
    with Study(tmp_path / "s.cjm", journey="six") as study:
        study.add(frame, text="text")
        study.score()
        found = study.curve("automatic").frame.set_index("stage")["n"]
        assert found["decision"] == 0, "the word trust in the question's name"
        assert found["retention"] == found["discovery"] == found["purchase"] == 1
        study.stages_from("question", {"Trust A - Q1": "decision"})
        assert study.curve("automatic").frame.set_index("stage")["n"]["decision"] == 1
