"""Samples to rate, and calibrated curves that rest on how their texts were chosen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.model.desk import Op, Query
from cjm_widgets.study.evidence.designs import bases
from cjm_widgets.suggest.drawing import allocated, drawn, pool_of

STAGES = {"Search": -0.5, "Pay": 0.0, "Use": 0.5}
GOOD = ["great and helpful", "excellent", "very good", "lovely"]
BAD = ["terrible", "awful and slow", "bad", "horrible"]


def _comments(size=600, seed=0, question=False):
    """Comments whose valence is known; few answer the question that everybody is happy with."""
    rng = np.random.default_rng(seed)
    names = np.array(list(STAGES))[np.arange(size) % 3]
    y = np.array([STAGES[n] for n in names]) + rng.normal(0, 0.3, size)
    frame = pd.DataFrame({"id": np.arange(size).astype(str), "touchpoint": names})
    if question:
        asked = np.where(rng.random(size) < 0.15, "What was good?", "How was it?")
        frame["question"] = asked
        y = np.where(asked == "What was good?", y + 0.8, y - 0.1)
    y = np.clip(y, -1, 1).round(2)
    frame["text"] = [
        f"The {n.lower()} was {rng.choice(GOOD if v > -0.3 else BAD)}, said number {k}."
        for k, (n, v) in enumerate(zip(names, y, strict=True))
    ]
    return frame, names, y


@pytest.fixture
def made(new):
    """A function that makes a scored study, with the truth."""

    def make(**options):
        frame, names, y = _comments(**options)
        study = new(journey=list(STAGES))
        study.add(frame)
        study.score()
        return study, names, y

    return make


def _rate(study, texts, names, y, *, coder="ana", sample=None, order=None, times=""):
    """Rate texts as a coder does in the widget."""
    desk = study.coder(coder, sample=sample)._desk
    if order is not None:
        desk.page(Query(order=order))
    for number in texts:
        body = {
            "feedback": int(number),
            "start": 0,
            "stop": 5,
            "stage": names[number - 1],
            "valence": float(y[number - 1]),
        }
        uid = f"{coder}{number}{times}"
        receipt = desk.apply(Op(f"o{uid}", "code", uid, body=body))
        assert receipt.ok, receipt.say
    study._advisor(coder).learner.close()


def _means(study, **options):
    return study.curve("calibrated", **options).frame.set_index("stage")


def _truth(names, y):
    return pd.Series({name: y[names == name].mean() for name in STAGES})


# Drawing ------------------------------------------------------------------------


def test_a_sample_has_texts_of_every_stratum_and_adds_up_to_the_study(made):
    study, names, _ = made()
    draw = study.sample(60, min_per=15)
    assert len(draw) == 60
    assert draw.frame["feedback"].is_unique
    assert draw.frame["stratum"].value_counts().to_dict() == dict.fromkeys(STAGES, 20)
    stage = pd.Series(names, index=np.arange(1, 601))
    assert (draw.frame["stratum"] == draw.frame["feedback"].map(stage)).all()
    assert (1 / draw.frame["probability"]).sum() == pytest.approx(600)
    assert study.sample(60, min_per=15).frame.equals(draw.frame)
    assert not study.sample(60, min_per=15, seed=1).frame.equals(draw.frame)


def test_small_strata_get_their_share_and_every_part_of_the_order_has_all(made):
    study, *_ = made(question=True)
    draw = study.sample(120, "question", min_per=40)
    count = draw.frame["stratum"].value_counts()
    assert count["What was good?"] >= 40
    assert (1 / draw.frame["probability"]).sum() == pytest.approx(600)
    early = draw.frame.head(30)["stratum"].value_counts()
    share = count["What was good?"] / 120
    assert abs(early["What was good?"] / 30 - share) < 0.1
    plain = study.sample(50, None).frame
    assert plain["probability"].tolist() == [pytest.approx(50 / 600)] * 50


def test_what_cannot_be_drawn_is_said(made, new):
    study, *_ = made()
    with pytest.raises(UnknownName, match="planet"):
        study.sample(10, "planet")
    with pytest.raises(ArgumentError, match="at least 1"):
        study.sample(0)
    with pytest.raises(NoEvidence, match=r"study\.add"):
        new("empty.cjm").sample(5)
    assert len(study.sample(10_000)) == 600
    with pytest.raises(UnknownName, match="sample"):
        study.coder("ana", sample="never drawn")


def test_of_a_large_study_a_random_pool_is_sorted_and_the_chances_say_so():
    texts = np.arange(1, 2_001)
    pool = pool_of(texts, 0, 400)
    assert len(np.unique(pool)) == 400
    strata = pd.Series(np.where(pool % 4 == 0, "few", "many"), index=pool, dtype="str")
    frame = drawn(strata, 80, seed=0, least=10, share=400 / 2_000)
    assert (1 / frame["probability"]).sum() == pytest.approx(2_000)


@pytest.mark.parametrize(
    ("sizes", "n", "least", "wanted"),
    [
        ({"a": 5, "b": 500}, 50, 10, {"a": 5, "b": 45}),
        ({"a": 50, "b": 50}, 7, 10, {"a": 4, "b": 3}),
        ({"a": 3, "b": 2}, 50, 10, {"a": 3, "b": 2}),
        ({"a": 100}, 7, 0, {"a": 7}),
    ],
)
def test_strata_share_what_there_is(sizes, n, least, wanted):
    assert allocated(sizes, n, least) == wanted


def test_samples_are_listed_with_their_progress_kept_and_undone(made):
    study, names, y = made()
    draw = study.sample(30, coder="ana")
    _rate(study, draw.frame["feedback"].head(12), names, y, sample=draw)
    found = study.samples()
    assert found[["draw", "by", "n", "rated", "texts", "coder"]].to_numpy().tolist() == [
        [draw.uid, "stage", 30, 12, 600, "ana"]
    ]
    opening = study.coder("ana", sample=draw.uid)._desk.open()
    assert (opening.total, opening.done) == (30, 12)
    assert (draw.coder("bob")._desk.open().done) == 0
    assert "30 texts" in draw._repr_html_()
    study.undo()
    assert study.samples().empty


def test_codings_of_a_sample_carry_its_name_and_chance(made):
    from cjm_widgets.store.desks import learning

    study, names, y = made()
    draw = study.sample(30)
    _rate(study, draw.frame["feedback"], names, y, sample=draw)
    chance = draw.frame.set_index("feedback")["probability"]
    rows = learning.sampled(study._store.base)
    assert len(rows) == 30
    assert all(by == draw.uid and p == pytest.approx(chance[text]) for _, text, by, p, _ in rows)


# What a calibrated curve rests on ----------------------------------------------------


def test_ratings_of_a_sample_are_weighed_by_their_chances(made):
    """Half of the ratings answer a question that 15 % of the texts answer, and all are happy."""
    study, names, y = made(question=True, size=900)
    draw = study.sample(300, "question", min_per=100)
    _rate(study, draw.frame["feedback"], names, y, sample=draw)
    truth, curve = _truth(names, y), _means(study)
    assert (curve["mean"] - truth).abs().max() < 0.07
    assert ((curve["low"] <= truth) & (truth <= curve["high"])).sum() >= 2
    plain = study.codings().groupby("stage")["valence"].mean()
    assert (plain - truth).min() > 0.08


def test_a_sample_that_is_half_rated_is_weighed_by_what_was_rated(made):
    study, names, y = made(question=True, size=900)
    draw = study.sample(300, "question", min_per=100)
    _rate(study, draw.frame["feedback"].head(150), names, y, sample=draw)
    known = bases(study._store).known
    assert len(known.texts) == 150
    weight = (1 / known.probability).groupby(draw.frame.set_index("feedback")["stratum"]).sum()
    asked = pd.Series(_comments(900, question=True)[0]["question"]).value_counts()
    share = weight / weight.sum()
    assert share["What was good?"] == pytest.approx(asked["What was good?"] / 900, abs=1e-9)
    assert (_means(study)["mean"] - _truth(names, y)).abs().max() < 0.12


def test_ratings_chosen_by_uncertainty_alone_are_refused_with_a_remedy(made):
    study, names, y = made()
    _rate(study, range(1, 91), names, y, order="uncertain")
    with pytest.raises(NoEvidence, match=r"all 90 .* unsure .* study\.sample"):
        study.curve("calibrated")


def test_ratings_chosen_by_uncertainty_are_left_out_beside_drawn_ones(made):
    study, names, y = made()
    _rate(study, range(1, 91), names, np.full(600, -1.0), coder="bob", order="uncertain")
    draw = study.sample(40)
    _rate(study, draw.frame["feedback"].head(20), names, y, sample=draw)
    with pytest.raises(NoEvidence, match=r"of 10.* chosen where the classifier was unsure"):
        study.curve("calibrated")
    more = study.sample(120, seed=5)
    _rate(study, more.frame["feedback"], names, y, sample=more, times="b")
    n = bases(study._store)
    assert n.doubtful > 40
    assert _means(study)["n"].sum() == len(n.known.texts) < 160


def test_the_random_queue_is_a_sample_with_equal_chances(made):
    study, names, y = made()
    desk = study.coder("ana")._desk
    texts = [item.id for item in desk.page(Query(order="random"), limit=100).items]
    _rate(study, texts, names, y, order="random")
    known = bases(study._store).known
    assert known.texts == frozenset(texts)
    assert known.probability.nunique() == 1
    assert (_means(study)["mean"] - _truth(names, y)).abs().max() < 0.15


def test_texts_of_another_language_than_the_ratings_are_refused(made, new):
    frame, names, y = _comments(600)
    frame["language"] = np.where(np.arange(600) < 300, "en", "fr")
    study = new(journey=list(STAGES))
    study.add(frame)
    study.score("textblob")
    study.score()
    _rate(study, range(1, 101), names, y)
    with pytest.raises(NoEvidence, match="language 'fr'"):
        study.curve("calibrated")


def test_texts_of_another_period_than_the_ratings_are_refused(new):
    frame, names, y = _comments(600)
    frame["date"] = np.where(np.arange(600) < 300, "2024-05-01", "2025-05-01")
    study = new(journey=list(STAGES))
    study.add(frame)
    study.score()
    _rate(study, range(1, 101), names, y)
    with pytest.raises(NoEvidence, match="year '2025'"):
        study.curve("calibrated")


def test_weights_make_up_for_a_language_or_question_that_was_drawn_too_often(new):
    """What would be refused if nobody had rated it is weighed where the chances are known."""
    frame, names, y = _comments(900, question=True)
    study = new(journey=list(STAGES))
    study.add(frame)
    study.score()
    first = np.flatnonzero((frame["question"] == "How was it?").to_numpy())[:90] + 1
    _rate(study, first, names, y)
    with pytest.raises(NoEvidence, match="'What was good\\?'"):
        study.curve("calibrated")
    draw = study.sample(200, "question", min_per=80)
    _rate(study, draw.frame["feedback"], names, y, sample=draw, times="b")
    assert (_means(study)["mean"] - _truth(names, y)).abs().max() < 0.12


def test_texts_that_came_after_the_draw_are_refused_with_a_remedy(made):
    study, names, y = made()
    draw = study.sample(120)
    _rate(study, draw.frame["feedback"], names, y, sample=draw)
    assert _means(study)["n"].sum() == 120
    more = _comments(300, seed=9)[0].assign(id=lambda f: "b" + f["id"])
    study.add(more)
    study.score()
    with pytest.raises(NoEvidence, match=r"300 texts came .* draw again with study\.sample"):
        study.curve("calibrated")


def test_stratified_draws_hold_the_truth_with_weights_and_miss_it_without():
    """300 draws from 3,000 texts in which a stratum of a tenth is rated as often as the rest."""
    from cjm_widgets.measure.curves.calibrated_curve import calibrated_curve

    rng = np.random.default_rng(7)
    size = 3_000
    rare = rng.random(size) < 0.1
    stage = np.where(rng.random(size) < 0.5, "a", "b")
    y = np.clip(np.where(rare, 0.6, -0.3) + (stage == "b") * 0.2 + rng.normal(0, 0.3, size), -1, 1)
    f = np.clip(0.4 * y + 0.3 + rng.normal(0, 0.2, size), -1, 1)
    units = pd.DataFrame(
        {
            "feedback": np.arange(size),
            "stage": pd.array(stage, dtype="str"),
            "valence": f,
            "known": True,
            "respondent": pd.array([str(n) for n in range(size)], dtype="str"),
            "predicted": False,
            "member": 1.0,
        }
    )
    strata = pd.Series(np.where(rare, "rare", "rest"), index=np.arange(size), dtype="str")
    truth = np.array([y[stage == s].mean() for s in "ab"])
    held, error, bias = [], [], []
    for seed in range(300):
        draw = drawn(strata, 160, seed=seed, least=80).set_index("feedback")["probability"]
        rated = units["feedback"].isin(draw.index)
        now = units.assign(rated=rated, rating=np.where(rated, y, np.nan))
        weighed = calibrated_curve(now, ["a", "b"], probability=draw)
        held.append((weighed["low"] <= truth) & (truth <= weighed["high"]))
        error.append(weighed["mean"] - truth)
        bias.append(calibrated_curve(now, ["a", "b"])["mean"] - truth)
    assert np.abs(np.mean(error, axis=0)).max() < 0.01
    assert np.abs(np.mean(bias, axis=0)).min() > 0.15
    assert 0.92 < np.mean(held) < 0.99


# Stages of texts nobody has coded -------------------------------------------------------


def test_a_classifier_tells_stages_that_neither_column_nor_words_tell(new):
    said = {
        "Search": ["nothing turned up", "I looked for hours"],
        "Pay": ["my card bounced", "the till refused me"],
    }
    rng = np.random.default_rng(0)
    names = np.array(list(said))[np.arange(200) % 2]
    texts = [f"{rng.choice(said[n])}, {rng.choice(['sadly', 'again'])}." for n in names]
    study = new(journey=list(said))
    study.add(pd.DataFrame({"id": np.arange(200).astype(str), "text": texts}))
    study.score()
    codings = pd.DataFrame({"id": np.arange(200).astype(str), "stage": names, "coder": "ana"})
    assert study.curve("automatic").without_stage == 200
    study.add_codings(codings.head(60))
    after = study.curve("automatic")
    assert after.without_stage == 0
    assert (after.frame["predicted"] > 0.5).all()
    assert len(study.codings()) == 60
    counted = study.stage_sources().set_index("source")["texts"]
    assert counted[["people", "classifier", "none"]].tolist() == [60, 140, 0]
    assert counted[["column", "vocabulary"]].tolist() == [0, 0]
