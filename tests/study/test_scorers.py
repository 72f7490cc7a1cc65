"""Which scorer agrees with a study's people, and what is learned from them."""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from cjm_widgets import ArgumentError, NoEvidence, Study, UnknownName
from cjm_widgets.score import fit
from cjm_widgets.view.curves.scorers_view import ScorersView

Make = Callable[..., Study]
MARKS = (1.0, 0.5, 0.0, -0.5, -1.0)
WORDS = {
    "en": ("It was {}.", ("excellent", "good", "a box", "bad", "terrible")),
    "fr": ("C'était {}.", ("excellent", "agréable", "une boîte", "sale", "horrible")),
}


def rated(n: int, languages: tuple[str, ...] = ("en",), stages: int = 2) -> pd.DataFrame:
    rows = []
    for at in range(n):
        code = languages[at % len(languages)]
        frame, words = WORDS[code]
        step = at // len(languages) % 5
        text = f"{frame.format(words[step])} {at}"
        rows.append((f"t{at}", text, f"s{at % stages}", 2 * MARKS[step], code, f"r{at // 2}"))
    columns = ["id", "words", "step", "mark", "lang", "who"]
    return pd.DataFrame(rows, columns=columns)


def fill(study: Study, frame: pd.DataFrame) -> Study:
    study.add(
        frame,
        text="words",
        id="id",
        stage="step",
        valence="mark",
        valence_scale=(-2, 2),
        language="lang",
        respondent="who",
    )
    return study


def test_each_installed_scorer_stands_beside_peoples_ratings(study: Study) -> None:
    view = fill(study, rated(60, ("en", "fr"))).scorers()
    frame = view.frame.set_index("scorer")
    assert {"cjm-en", "cjm-fr", "textblob", "textblob-fr"} <= set(frame.index)
    assert (frame.loc[["cjm-en", "cjm-fr"], "n"] == 30).all()
    assert (frame.loc[["cjm-en", "cjm-fr"], "spearman"] > 0.9).all()
    assert (frame["spearman_low"] <= frame["spearman"] + 1e-9).all()
    assert (frame["spearman_high"] >= frame["spearman"] - 1e-9).all()
    assert frame.loc["cjm-en", "unknown"] == pytest.approx(0.2)
    assert not frame["stale"].any()
    assert set(view.by_stage["stage"]) == {"s0", "s1"}
    assert set(view.by_language["language"]) == {"en", "fr"}


def test_the_figures_are_what_they_say() -> None:
    rng = np.random.default_rng(3)
    rating = rng.uniform(-1, 1, 200)
    score = np.clip(rating + rng.normal(0.1, 0.3, 200), -1, 1)
    pairs = pd.DataFrame({"scorer": "x", "rating": rating, "score": score, "known": rating > -0.9})
    pairs["respondent"] = [f"r{at}" for at in range(200)]
    row = fit.fits(pairs).iloc[0]
    series = pd.Series(rating)
    assert row["spearman"] == pytest.approx(series.corr(pd.Series(score), method="spearman"))
    assert row["pearson"] == pytest.approx(series.corr(pd.Series(score)))
    assert row["error"] == pytest.approx(np.abs(score - rating).mean())
    assert row["bias"] == pytest.approx((score - rating).mean())
    assert row["unknown"] == pytest.approx((rating <= -0.9).mean())
    assert row["pearson_low"] < row["pearson"] < row["pearson_high"]
    assert row["pearson_high"] - row["pearson_low"] < 0.15


def test_respondents_with_many_ratings_make_intervals_wider() -> None:
    rng = np.random.default_rng(5)
    person = rng.normal(0, 1, 12).repeat(20)
    frame = pd.DataFrame(
        {"rating": np.tanh(person), "score": np.tanh(person + rng.normal(0, 1, 240))}
    )
    frame["score"] += rng.normal(0, 0.5, 12).repeat(20)
    frame = frame.assign(scorer="x", known=True)
    alone = fit.fits(frame.assign(respondent=[str(at) for at in range(240)])).iloc[0]
    grouped = fit.fits(frame.assign(respondent=[str(at // 20) for at in range(240)])).iloc[0]
    assert grouped["pearson"] == alone["pearson"]
    wide = grouped["pearson_high"] - grouped["pearson_low"]
    assert wide > 1.3 * (alone["pearson_high"] - alone["pearson_low"])


def test_few_ratings_are_refused_politely_and_a_few_more_recommend_nothing(study: Study) -> None:
    with pytest.raises(NoEvidence, match="rated 0 passages"):
        study.scorers()
    fill(study, rated(8))
    with pytest.raises(NoEvidence, match=r"rated 8 passages.*at least 10"):
        study.scorers()
    view = fill(study, rated(20)).scorers()
    assert "too few to recommend" in view.advices[0]
    with pytest.raises(ArgumentError, match="most"):
        study.scorers(most=5)


def test_ratings_that_are_all_equal_tell_no_correlation(study: Study) -> None:
    frame = rated(40).assign(mark=2)
    view = fill(study, frame).scorers()
    assert view.frame["spearman"].isna().all()
    assert "too few to recommend" in view.advices[0]
    assert "cannot be told" in view.html()


def test_a_scorer_better_by_chance_only_does_not_displace_the_default(study: Study) -> None:
    view = fill(study, rated(60)).scorers()
    advice = view.advice[0]
    assert advice.choice == "cjm-en"
    assert "within noise" in view.advices[0] or "beyond noise" in view.advices[0]


def test_a_function_of_ones_own_stands_beside_by_its_scores_and_wins_where_it_is_better(
    study: Study,
) -> None:
    frame = rated(60)
    frame["words"] = [f"box {at}" for at in range(60)]  # no lexicon knows a word
    marks = dict(zip(frame["words"], frame["mark"] / 2, strict=True))
    fill(study, frame)

    def oracle(text: str) -> float:
        return marks[text]

    study.score(oracle)
    view = study.scorers()
    row = view.frame.set_index("scorer").loc["oracle"]
    assert (row["n"], row["error"]) == (60, 0.0)
    assert row["spearman"] == pytest.approx(1.0)
    assert view.advice[0].choice == "oracle"


def test_scores_of_an_older_version_are_marked(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cjm_widgets.score.lexical import scorer as module

    fill(study, rated(30)).score()
    monkeypatch.setattr(module, "VERSION", "later")
    view = study.scorers()
    frame = view.frame.set_index("scorer")
    assert frame.loc["cjm-en", "stale"]
    assert "older version" in view.html()
    assert study.score().texts == 30
    assert not study.scorers().frame["stale"].any()


def test_of_many_ratings_as_many_as_wanted_are_read_the_same_ones_each_time(study: Study) -> None:
    fill(study, rated(60))
    first, again = study.scorers(most=20), study.scorers(most=20)
    pd.testing.assert_frame_equal(first.frame, again.frame)
    assert first.frame["n"].max() == 20
    assert "20 rated passages were drawn" in first.html()


def test_the_picture_speaks_both_languages_escapes_names_and_has_a_bokeh_twin(new: Make) -> None:
    study = fill(new(language="fr"), rated(60, ("en", "fr")))
    view = study.scorers(theme="dark")
    assert isinstance(view, ScorersView)
    page = view.html()
    assert "Accord des scoreurs" in page
    assert "choisissez" in page
    assert "Accord" not in repr(view)
    hostile = view.frame.assign(scorer="<script>alert(1)</script>")
    shown = ScorersView(hostile, by_stage=view.by_stage, by_language=view.by_language)
    assert "<script>alert" not in shown.html()
    assert len(view.figure().children) == 3
    assert "text/html" in view._repr_mimebundle_()


def test_a_scorer_that_cannot_score_is_named_with_its_reason(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cjm_widgets.score import vader
    from cjm_widgets.study.evidence import scorers as module

    vader._analyser.cache_clear()
    monkeypatch.setattr(module, "installed", lambda: ["cjm-en", "vader"])
    monkeypatch.setitem(sys.modules, "vaderSentiment.vaderSentiment", None)
    view = fill(study, rated(30)).scorers()
    assert list(view.frame["scorer"]) == ["cjm-en"]
    assert "vader" in view.refused
    assert "could not score" in view.html()


def test_what_people_said_is_learned_and_scores_all_texts(study: Study) -> None:
    frame = rated(60)
    # A word that means something in this study alone.
    frame["words"] = [f"{'zig' if at % 2 else 'zag'} {at}" for at in range(60)]
    frame["mark"] = [2 if at % 2 else -2 for at in range(60)]
    fill(study, frame)
    more = frame.assign(id=[f"u{at}" for at in range(60)], who=[f"q{at}" for at in range(60)])
    study.add(more, text="words", id="id", language="lang", respondent="who")
    report = study.score("learned")
    assert report.texts == 120
    scores = study.scores("learned").set_index("feedback")["valence"]
    texts = study.feedback().set_index("feedback")["text"]
    zig = texts.str.startswith("zig")
    assert scores[zig].min() > 0.3 > -0.3 > scores[~zig].max()
    assert study.score("learned").texts == 0
    view = study.scorers()
    assert view.advice[0].choice == "learned"
    curve = study.curve("automatic", scorer="learned")
    assert "learned" in curve.scorer
    study.add_codings(pd.DataFrame({"id": ["u0"], "stage": ["s0"], "valence": [0.0]}), coder="ana")
    assert study.score("learned").texts == 120  # new ratings, learned anew


def test_too_few_ratings_teach_nothing(study: Study) -> None:
    fill(study, rated(12))
    with pytest.raises(NoEvidence, match=r"rated 12 texts.*at least 20"):
        study.score("learned")


def test_what_a_function_gives_wrong_is_named_with_scorer_and_text(study: Study) -> None:
    fill(study, rated(12))
    third = int(study.feedback()["feedback"].iloc[2])

    def broken(text: str) -> float:
        return float("nan") if text.endswith((" 2.", " 2")) else 0.0

    with pytest.raises(ArgumentError, match=rf"'broken' gave nan for text {third}\b"):
        study.score(broken)
    assert "broken" not in set(study.scores()["scorer"])
    with pytest.raises(UnknownName, match="'cjm-"):
        study.score("cjm")
    with pytest.raises(ArgumentError, match="nothing is downloaded"):
        study.score("transformers:/nowhere")
