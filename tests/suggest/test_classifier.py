"""A classifier on a study's own codings: bounded, seeded, explained, learned in the background."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from cjm_widgets.model.journey import Journey
from cjm_widgets.suggest.classifier import LEAST, fit
from cjm_widgets.suggest.examples import Example, Examples
from cjm_widgets.suggest.learner import Learner
from cjm_widgets.suggest.passages import Passage, by_model, by_words, guesses, marked
from cjm_widgets.suggest.quality import CrossFitted, cross_validated
from cjm_widgets.suggest.vocabulary import Matcher
from cjm_widgets.suggest.words import HASHES, hashed, spoken

SAID = {
    "pay": ["the card was refused twice", "paying failed again", "my card does not work"],
    "find": ["the search shows nothing", "searching is slow", "filters hide the result"],
    "use": ["the lamp is lovely", "it broke on the first day", "works well at home"],
}


def _examples(n=60, seed=0):
    rng = np.random.default_rng(seed)
    stages = list(SAID)
    made = []
    for number in range(n):
        stage = stages[number % 3]
        text = f"{rng.choice(SAID[stage])} {rng.choice(['today', 'sadly', 'as ever', 'really'])}"
        codes = ("card",) if "card" in text else ("other",)
        made.append(
            Example(f"c{number:04}", text, (), f"r{number % 20}", stage, codes, (number % 3 - 1.0))
        )
    return made


def _model(n=60, **options):
    kept = Examples()
    kept.put(_examples(n))
    model = fit(kept.all(), **options)
    assert model is not None
    return model


def _passage(text, number=1):
    return Passage(number, 1, 0, len(text), text, "en")


def test_it_learns_stage_codes_and_valence_and_says_which_words_speak_for_it():
    (found,) = by_model([_passage("My card was refused at the till")], _model())
    assert (found.stage, found.codes, found.by) == ("pay", ("card",), "classifier")
    assert found.valence == -1.0
    assert 0.4 <= found.probability <= 1
    assert found.each["stage"] == found.probability
    assert found.each["code:card"] >= 0.5
    assert any("card" in word for word in found.words)
    assert all(word in "My card was refused at the till" for word in found.words)


def test_a_passage_of_words_nobody_has_coded_gets_no_suggestion():
    assert by_model([_passage("Zzyzx qwpf")], _model()) == []


def test_the_same_codings_give_the_same_model_in_whatever_order_they_came():
    first, again = Examples(), Examples()
    first.put(_examples())
    again.put(_examples()[::-1])
    a, b = fit(first.all()), fit(again.all())
    assert a.version == b.version
    assert np.array_equal(a.stage.weights, b.stage.weights)
    again.put([Example("c0001", "the lamp", (), "r1", "use")])
    assert fit(again.all()).version != a.version


def test_too_few_codings_or_one_stage_alone_teach_nothing():
    kept = Examples()
    kept.put(_examples(LEAST - 1))
    assert fit(kept.all()) is None
    alone = Examples()
    alone.put([Example(f"c{n}", "the card", (), "", "pay") for n in range(50)])
    assert fit(alone.all()) is None


def test_only_the_newest_codings_are_kept_and_none_of_their_words():
    kept = Examples(most=40)
    kept.put(_examples(60))
    assert len(kept) == 40
    assert {k.uid for k in kept.all()} == {f"c{n:04}" for n in range(20, 60)}
    kept.drop(["c0030"])
    assert len(kept) == 39
    assert not any(isinstance(part, str) and "card" in part for part in kept.all()[0].row)


def test_words_are_found_again_at_the_places_where_they_were_hashed():
    text = "Très cher, l’Été !"
    places = set(hashed([text]).indices.tolist())
    assert {place for place, _ in spoken(text)} == places
    assert all(word in text for _, word in spoken(text))
    assert max(places) < HASHES


def test_the_journeys_words_help_where_little_was_coded():
    matcher = Matcher(Journey.preset("six"))
    assert marked("The checkout failed", "en", ("channel: call",), matcher) == (
        "channel: call",
        *[f"vocabulary {n}: purchase" for n in range(3)],
    )
    (found,) = by_words([_passage("The checkout failed")], matcher)
    assert (found.stage, found.probability, found.words) == ("purchase", None, ("checkout",))


def test_a_suggestion_keeps_its_name_when_something_else_was_learned():
    text = "My card was refused at the till"
    (a,), (b,) = by_model([_passage(text)], _model(60)), by_model([_passage(text)], _model(90))
    assert a.model != b.model
    assert a.uid == b.uid
    assert by_model([_passage(text, number=2)], _model())[0].uid != a.uid


def test_the_classifier_hesitates_most_where_two_stages_are_as_likely():
    model = _model()
    sure, unsure = guesses(model, ["my card was refused", "the card search"], [(), ()])
    assert sure.margin > unsure.margin


def test_no_passage_is_judged_by_a_model_that_knows_its_respondent():
    """What only one respondent ever says can be told by nobody who does not know that one."""
    kept = Examples()
    rows = [Example(f"c{n:03}", f"word{n % 12}", (), f"r{n % 12}", f"s{n % 12}") for n in range(96)]
    kept.put(rows)
    tested = cross_validated(kept.all())
    assert len(tested) == 96
    assert not tested["right"].any()
    model = fit(kept.all())
    assert guesses(model, ["word3"], [()])[0].answer == "s3"
    crossed = CrossFitted(kept.all())
    assert crossed.stages(["word3"], [()], ["r3"])[0][0] != "s3"


def test_probabilities_are_about_as_large_as_the_share_of_right_answers():
    rng = np.random.default_rng(3)
    words = {s: [f"{s}{n}" for n in range(8)] + [f"both{n}" for n in range(8)] for s in SAID}
    rows = []
    for number in range(900):
        stage = list(SAID)[number % 3]
        text = " ".join(rng.choice(words[stage], 2))
        rows.append(Example(f"c{number:04}", text, (), f"r{number}", stage))
    kept = Examples()
    kept.put(rows)
    tested = cross_validated(kept.all())
    assert tested["right"].mean() > 0.6
    assert abs(tested["right"].mean() - tested["probability"].mean()) < 0.1


def test_learning_never_makes_anybody_wait():
    gate, calls = threading.Event(), []

    def catch_up(examples):
        calls.append(threading.current_thread().name)
        gate.wait(5)
        examples.put(_examples())
        return True

    learner = Learner(catch_up)
    begun = time.monotonic()
    for _ in range(50):
        learner.notice()
        assert learner.model is None
    assert time.monotonic() - begun < 2
    assert calls in ([], ["cjm-suggest"])
    gate.set()
    for _ in range(500):
        if learner.model is not None:
            break
        time.sleep(0.02)
    assert learner.model is not None
    learner.close()
    assert threading.main_thread().name not in calls


def test_a_study_that_is_locked_does_not_end_learning():
    fails = [True]

    def catch_up(examples):
        if fails.pop() if fails else False:
            raise OSError("locked")
        examples.put(_examples())
        return True

    learner = Learner(catch_up)
    learner.notice()
    for _ in range(200):
        if not fails:
            break
        time.sleep(0.01)
    time.sleep(0.05)
    learner.notice()
    for _ in range(500):
        if learner.model is not None:
            break
        time.sleep(0.02)
    assert learner.model is not None


@pytest.mark.parametrize("n", [2, 3])
def test_probabilities_of_stages_sum_to_one(n):
    kept = Examples()
    kept.put([e for e in _examples(90) if e.stage in list(SAID)[:n]])
    model = fit(kept.all())
    p = model.stage.probabilities(model.rows(["the card search lamp"], [()]))
    assert p.shape == (1, n)
    assert p.sum() == pytest.approx(1)
