"""Suggestions of a study: proposed, accepted, corrected, refused; never codings."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cjm_widgets.errors import NoEvidence, UnknownName
from cjm_widgets.model.desk import Op, Query, plain
from cjm_widgets.store.desks.suggesting import free
from cjm_widgets.widgets.conversation import Conversation

SAID = {
    "Search": ["the search found nothing", "searching was slow", "filters hid the result"],
    "Pay": ["my card was refused", "paying failed twice", "the card did not work"],
    "Use": ["the lamp is lovely", "it broke at home", "works well every day"],
}


def _comments(n=120, seed=1):
    rng = np.random.default_rng(seed)
    stages = np.array(list(SAID))[np.arange(n) % 3]
    texts = [f"{rng.choice(SAID[s])} {rng.choice(['today', 'sadly', 'again'])}." for s in stages]
    frame = pd.DataFrame(
        {
            "id": np.arange(n).astype(str),
            "text": texts,
            "respondent": [f"r{k % 40}" for k in range(n)],
        }
    )
    return frame, stages


@pytest.fixture
def study(new):
    study = new(journey=list(SAID))
    study.add(_comments()[0])
    return study


def _coded(study, n=60, coder="ana"):
    frame, stages = _comments()
    codings = pd.DataFrame({"id": frame["id"], "stage": stages, "coder": coder}).head(n)
    study.add_codings(
        codings.assign(valence=np.where(stages[:n] == "Pay", -1.0, 0.5)), valence_scale=(-1, 1)
    )
    return study


def _desk(study, coder="ana", **options):
    """A coder's desk whose classifier knows the study as it is."""
    desk = study.coder(coder, **options)._desk
    study._advisor(coder if options.get("blind", True) else None).model()
    return desk


def test_before_any_coding_the_journeys_words_suggest_and_claim_no_probability(study):
    study.add(pd.DataFrame({"id": ["new"], "text": ["The search is slow. Hm."]}))
    found = study.suggestions([121])
    said = found[["what", "key", "by", "words", "start", "stop"]].to_numpy().tolist()
    assert said == [["stage", "Search", "vocabulary", "search", 0, 19]]
    assert found["probability"].isna().all()
    assert study.codings().empty


def test_after_some_codings_a_classifier_suggests_with_probability_and_words(study):
    _coded(study)
    found = study.suggestions(limit=200)
    assert set(found["by"]) == {"classifier"}
    assert set(found["what"]) == {"stage", "valence"}
    assert not found["feedback"].isin(study.codings()["feedback"]).any()
    stage = found[found["what"] == "stage"].set_index("feedback")
    names = {s.key: s.name("en") for s in study.journey}
    truth = pd.Series(_comments()[1], index=np.arange(1, 121))
    assert (stage["key"].map(names) == truth.reindex(stage.index)).mean() > 0.95
    assert stage["probability"].between(0.4, 1).all()
    assert (stage["words"].str.len() > 0).all()
    again = study.suggestions(limit=200)
    assert found.equals(again)
    assert len(study.codings()) == 60


def test_suggestions_of_one_text_or_some_and_of_none(study):
    assert set(study.suggestions([2, 3])["feedback"]) <= {2, 3}
    assert len(study.suggestions(limit=1)["feedback"].unique()) <= 1
    with pytest.raises(UnknownName):
        study.suggestions(9_999)


def _accept(desk, one, uid, **said):
    body = {
        "feedback": one.feedback,
        "start": one.start,
        "stop": one.stop,
        "stage": one.stage,
        "valence": one.valence,
        "origin": "suggestion",
        "suggestion": {
            "uid": one.uid,
            "stage": one.stage,
            "valence": one.valence,
            "probability": one.probability,
            "by": one.by,
            "model": one.model,
        },
        **said,
    }
    receipt = desk.apply(Op(f"op-{uid}", "code", uid, body=body))
    assert receipt.ok, receipt.say
    return receipt


def _refuse(desk, one, op):
    body = {key: value for key, value in plain(one).items() if key not in ("uid", "words", "each")}
    receipt = desk.apply(Op(op, "refuse", one.uid, body=body))
    assert receipt.ok, receipt.say
    return receipt


def test_what_is_accepted_is_the_coders_and_keeps_what_had_been_proposed(study):
    _coded(study)
    desk = _desk(study)
    (one,) = desk.suggest(100)
    _accept(desk, one, "c1")
    coding = study.codings("ana").set_index("uid").loc["c1"]
    assert (coding["origin"], coding["stage"]) == ("suggestion", one.stage)
    kept = study._store.documents("accepted")["c1"]
    assert (kept["uid"], kept["model"]) == (one.uid, one.model)
    assert kept["probability"] == pytest.approx(one.probability)
    assert desk.suggest(100) == ()
    # One undo takes both back, and the suggestion is offered again.
    assert desk.apply(Op("u", "undo")).ok
    assert study._store.documents("accepted") == {}
    assert [s.uid for s in desk.suggest(100)] == [one.uid]


def test_what_is_refused_stays_refused_for_this_coder_until_it_is_undone(study):
    _coded(study)
    ana, bob = _desk(study, blind=False), _desk(study, "bob", blind=False)
    (one,) = ana.suggest(100)
    receipt = _refuse(ana, one, "op1")
    assert receipt.top.undo.label == "refuse"
    assert ana.suggest(100) == ()
    assert [s.uid for s in bob.suggest(100)] == [one.uid]
    assert one.uid not in set(study.suggestions(100)["uid"])
    _coded(study, 70, "carl")
    assert study._advisor(None).model().version != one.model
    assert ana.suggest(100) == ()
    assert _desk(study, blind=False).suggest(100) == ()
    again = ana.apply(Op("op1", "refuse", one.uid, body={"feedback": 1, "start": 0, "stop": 1}))
    assert again.ok
    assert len(study._store.documents("refusal")) == 1
    assert study.undo("ana") == "refusal of a suggestion"
    assert [s.uid for s in ana.suggest(100)] == [one.uid]


def test_a_suggestion_that_is_not_whole_is_refused_politely(study):
    desk = _desk(study)
    body = {"feedback": 1, "start": 0, "stop": 3, "suggestion": {"uid": "x"}}
    assert "origin" in desk.apply(Op("a", "code", "c1", body=body)).say
    body["suggestion"] = {"stage": "Pay"}
    assert desk.apply(Op("b", "code", "c1", body=body)).why == "invalid"
    assert desk.apply(Op("c", "refuse", "s1", body={"feedback": 1})).why == "invalid"
    assert study.codings().empty


def test_a_blind_coder_learns_nothing_from_what_others_coded(study):
    _coded(study, coder="ana")
    assert {s.by for s in _desk(study, "bob").suggest(100)} <= {"vocabulary"}
    assert {s.by for s in _desk(study, "ana").suggest(100)} == {"classifier"}
    assert {s.by for s in _desk(study, "bob", blind=False).suggest(100)} == {"classifier"}


def test_suggestions_follow_the_coder_without_being_asked_to(study):
    desk = study.coder("ana")._desk
    frame, stages = _comments()
    keys = {s.name("en"): s.key for s in study.journey}
    for number in range(1, 41):
        body = {"feedback": number, "start": 0, "stop": 5, "stage": keys[stages[number - 1]]}
        body["stop"] = len(frame["text"][number - 1])
        assert desk.apply(Op(f"o{number}", "code", f"c{number}", body=body)).ok
    for _ in range(500):
        found = desk.suggest(100)
        if found and found[0].by == "classifier":
            break
        time.sleep(0.02)
    assert found[0].by == "classifier"
    assert found[0].stage == keys[stages[99]]


def test_stages_that_are_no_more_are_not_suggested(study):
    _coded(study)
    study.set_journey(["Search", "Use"])
    names = {s.key for s in study.journey}
    found = study.suggestions(limit=200)
    assert set(found.loc[found["what"] == "stage", "key"]) <= names


def test_what_suggestions_are_worth_is_told_with_its_interval(study):
    with pytest.raises(NoEvidence, match="30 coded passages"):
        study.suggestion_quality()
    _coded(study)
    desk = _desk(study)
    stages = [s.key for s in study.journey]
    for at, number in enumerate(range(100, 108)):
        (one,) = desk.suggest(number)
        if at < 5:
            _accept(desk, one, f"c{at}")
        elif at < 7:
            other = next(key for key in stages if key != one.stage)
            _accept(desk, one, f"c{at}", stage=other)
        else:
            _refuse(desk, one, "r1")
    found = study.suggestion_quality().set_index(["what", "by"])
    stage = found.loc[("stage", "classifier")]
    assert stage["n"] == 67
    assert stage["respondents"] == 40
    assert stage["accuracy"] > 0.85
    assert stage["low"] < stage["accuracy"] <= stage["high"] <= 1
    assert 0.3 < stage["baseline"] < 0.5
    assert abs(stage["probability"] - stage["accuracy"]) < 0.3
    assert stage[["accepted", "corrected", "refused"]].tolist() == [5, 2, 1]
    assert stage["taken"] == 5 / 8
    assert stage["taken_low"] < 5 / 8 < stage["taken_high"]
    codes = found.loc[("code", "classifier")]
    assert np.isnan(codes["accuracy"])
    assert "coded passages" in codes["note"]


def test_what_an_interviewer_says_is_no_passage_to_suggest_for(new):
    study = new(journey=list(SAID))
    text = "Interviewer: Was the search slow?\nAnna: The search found nothing.\n"
    text += "Interviewer: And the search again?\nAnna: Paying was fine.\n"
    study.add(pd.DataFrame({"id": ["1"], "text": [text]}))
    turns = study._store.turns()
    if turns.empty:
        pytest.skip("this text is not taken for a transcript")
    asked = turns[turns["role"] == "interviewer"]
    assert len(asked)
    places = study.suggestions(1)[["start", "stop"]].to_numpy()
    said = [(s.start, s.stop) for s in _desk(study).suggest(1)]
    assert said
    for start, stop in [*said, *map(tuple, places)]:
        assert not ((asked["start"] < stop) & (start < asked["stop"])).any()


def test_the_second_half_of_a_long_text_is_judged_where_it_is_asked_about(study):
    text = " ".join(f"Line {n} says nothing." for n in range(200)) + " The search found nothing."
    study.add(pd.DataFrame({"id": ["long"], "text": [text]}), name="long")
    number = int(study.feedback()["feedback"].iloc[-1])
    desk = _desk(study)
    assert desk.suggest(number) == ()  # a hundred and twenty sentences, not all
    at = text.index("The search")
    (found,) = desk.suggest(number, (at + 3, at + 4))
    assert (found.start, found.stop) == (at, len(text))
    assert desk.suggest(number, (0, at)) == ()
    answer = Conversation(desk).answer(
        {"v": 1, "id": "a", "do": "suggest", "text": number, "start": at, "stop": len(text)}
    )
    assert [one["start"] for one in answer["suggestions"]] == [at]


def test_the_browser_may_ask_for_suggestions_refuse_and_choose_an_order(study):
    _coded(study)
    talk = Conversation(_desk(study))

    def ask(do, **more):
        return talk.answer({"v": 1, "id": "q", "session": "s", "do": do, **more})

    (one,) = ask("suggest", text=100)["suggestions"]
    assert one["by"] == "classifier"
    assert set(one) >= {"uid", "start", "stop", "stage", "codes", "valence", "words", "model"}
    body = {key: value for key, value in one.items() if key not in ("uid", "words", "each")}
    assert ask("apply", op="o1", act="refuse", row=one["uid"], body=body)["ok"]
    assert ask("suggest", text=100)["suggestions"] == []
    page = ask("page", query={"order": "random"}, limit=5)["page"]
    assert [item["pos"] for item in page["items"]] == [1, 2, 3, 4, 5]
    assert ask("mark", values={"order": "random"})["ok"]
    for wrong in ({"order": "best"}, {"order": 3}):
        assert ask("page", query=wrong)["why"] == "invalid"
    assert "blind" in ask("page", query={"order": "disagreement"})["say"]
    for bad in ({"probability": 3}, {"by": "me"}, {"start": -1}, {"model": 5}):
        assert (
            ask("apply", op="o2", act="refuse", row="x", body={**body, **bad})["why"] == "invalid"
        )
    assert Query().order == "order"


RANGES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6)).map(lambda r: (r[0], sum(r))))


@given(RANGES, RANGES)
def test_a_passage_is_free_where_no_range_taken_touches_it(passages, taken):
    touched = [(a, b) for a, b in passages if any(c < b and a < d for c, d in taken)]
    assert free(passages, taken) == [place for place in passages if place not in touched]
