"""Regressions on the same rows: as another library solves them, whatever is missing or alike."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from cjm_widgets.suggest.classifier import fit
from cjm_widgets.suggest.examples import Example, Examples
from cjm_widgets.suggest.passages import Passage, by_model
from cjm_widgets.suggest.regression import Question, probabilities, solved


def _rows(n=120, words=30, seed=0):
    rng = np.random.default_rng(seed)
    dense = rng.poisson(0.3, (n, words)).astype(np.float32)
    dense[:, 0] = 1
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    return sparse.csr_matrix(dense)


def _question(numbers, classes, exclusive=True, told=None):
    given = np.zeros((len(numbers), classes), dtype=np.float32)
    given[np.arange(len(numbers)), numbers] = 1
    told = np.ones(len(numbers), dtype=bool) if told is None else told
    return Question(tuple(map(str, range(classes))), given * told[:, None], told, exclusive)


def _oracle(rows, numbers, question):
    from sklearn.linear_model import LogisticRegression

    strength = 1 / (question.penalty * question.told.sum())
    model = LogisticRegression(C=strength, fit_intercept=False, tol=1e-8, max_iter=2_000)
    return model.fit(rows[question.told], numbers[question.told])


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_with_enough_rounds_chances_are_those_of_scikit_learn(classes):
    rng = np.random.default_rng(classes)
    rows = _rows()
    numbers = (np.asarray(rows[:, 1].todense()).ravel() * 9).astype(int) % classes
    numbers[:40] = rng.integers(0, classes, 40)
    question = _question(numbers, classes)
    (weights,) = solved(rows, [question], rounds=300)
    theirs = _oracle(rows, numbers, question).predict_proba(rows)
    ours = probabilities(np.asarray(rows @ weights), exclusive=True)
    if classes == 2:  # two columns share between them what is one there
        theirs = _halved(rows, numbers, question)
    np.testing.assert_allclose(ours, theirs, atol=2e-3)


def _halved(rows, numbers, question):
    """Two columns w and −w have half the penalty of one column of 2 w."""
    from sklearn.linear_model import LogisticRegression

    strength = 2 / (question.penalty * question.told.sum())
    model = LogisticRegression(C=strength, fit_intercept=False, tol=1e-8, max_iter=2_000)
    return model.fit(rows, numbers).predict_proba(rows)


def test_questions_solved_together_are_those_solved_alone_and_untold_passages_teach_nothing():
    rng = np.random.default_rng(4)
    rows = _rows()
    told = np.arange(120) % 3 > 0
    stages, codes = rng.integers(0, 3, 120), rng.integers(0, 4, 120)
    one, other = _question(stages, 3, told=told), _question(codes, 4, exclusive=False)
    both = solved(rows, [one, other])
    for question, together in zip((one, other), both, strict=True):
        np.testing.assert_allclose(solved(rows, [question])[0], together, atol=1e-4)
    half = Question(one.classes, one.given[told], told[told], True)
    np.testing.assert_allclose(solved(rows[told], [half])[0], both[0], atol=1e-4)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("text", ["", "😀", "the same words"])
def test_passages_without_words_or_all_alike_tell_nothing_and_break_nothing(text):
    kept = Examples()
    kept.put(
        [
            Example(f"c{n:02}", text, (), f"r{n}", "ab"[n % 2], ("x", "y")[n % 2 :], n % 3 - 1.0)
            for n in range(60)
        ]
    )
    model = fit(kept.all())
    chances = model.stage.probabilities(model.rows(["anything", text], [(), ()]))
    np.testing.assert_allclose(chances, 0.5, atol=1e-4)
    assert by_model([Passage(1, 1, 0, 8, "anything", "en")], model) == []


def test_a_code_that_every_passage_bears_is_suggested_where_its_words_are():
    kept = Examples()
    rows = [("card refused", ("all", "card")), ("search empty", ("all", "search"))]
    kept.put(
        [
            Example(f"c{n:02}", *rows[n % 2][:1], (), f"r{n}", None, rows[n % 2][1])
            for n in range(60)
        ]
    )
    (found,) = by_model([Passage(1, 1, 0, 12, "card refused", "en")], fit(kept.all()))
    assert found.codes == ("all", "card")
    assert found.each["code:all"] > 0.8
