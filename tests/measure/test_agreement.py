"""Agreement of coders on units, against published numbers and three other programs."""

from __future__ import annotations

import json
import math
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import jaccard_distance

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.agreement.agreement import (
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from cjm_widgets.measure.agreement.agreement_formulas import measured
from cjm_widgets.measure.agreement.agreement_ratings import coded

IRRCAC = json.loads((Path(__file__).parent / "agreement_irrcac.json").read_text(encoding="utf-8"))
"""Recorded: irrCAC demands an older pandas than this package."""
FAMILY = (
    percent_agreement,
    gwet_ac1,
    krippendorff_alpha,
    lambda ratings, **more: krippendorff_alpha(ratings, "ordinal", **more),
    lambda ratings, **more: krippendorff_alpha(ratings, "interval", **more),
    lambda ratings, **more: cohen_kappa(ratings[0], ratings[1], **more),
)


def drawn(seed: int, coders=3, units=40, labels=4, gaps=0.2, faithful=0.6):
    rng = np.random.default_rng(seed)
    truth = rng.integers(1, labels + 1, units)
    noise = rng.integers(1, labels + 1, (coders, units))
    ratings = np.where(rng.random((coders, units)) < faithful, truth, noise).astype(float)
    ratings[rng.random(ratings.shape) < gaps] = np.nan
    return ratings


def same(a, b):
    return all(
        x == pytest.approx(y, abs=1e-12, nan_ok=True)
        for x, y in zip((a.value, a.low, a.high, a.n), (b.value, b.low, b.high, b.n), strict=True)
    )


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_alpha_is_that_of_the_krippendorff_package_with_gaps(seed, level):
    ratings = drawn(seed, coders=2 + seed % 4, gaps=0.1 * (seed % 5), labels=2 + seed % 5)
    wanted = krippendorff.alpha(ratings, level_of_measurement=level)
    assert krippendorff_alpha(ratings, level).value == pytest.approx(wanted, abs=1e-10)


@pytest.mark.parametrize("seed", range(6))
def test_alpha_of_uneven_numbers_is_that_of_the_krippendorff_package(seed):
    rng = np.random.default_rng(seed)
    base = rng.normal(1e4, 1, 30)
    ratings = base + rng.normal(0, 0.5, (3, 30))
    ratings[rng.random(ratings.shape) < 0.2] = np.nan
    for level in ("ordinal", "interval"):
        wanted = krippendorff.alpha(ratings, level_of_measurement=level)
        assert krippendorff_alpha(ratings, level).value == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("case", IRRCAC["cases"], ids=lambda case: f"{len(case['ratings'])} coders")
def test_ac1_fleiss_and_percent_are_those_of_irrcac_with_gaps(case):
    ratings = case["ratings"]
    assert gwet_ac1(ratings).value == pytest.approx(case["gwet_ac1"], abs=1e-8)
    assert percent_agreement(ratings).value == pytest.approx(case["percent"], abs=1e-8)
    assert krippendorff_alpha(ratings).value == pytest.approx(case["irr_alpha"], abs=1e-8)
    values = pd.DataFrame(ratings)
    counts = [[int((values[u] == k).sum()) for k in range(1, 8)] for u in values]
    assert fleiss_kappa(counts).value == pytest.approx(case["fleiss_kappa"], abs=1e-8)
    if "cohen_kappa" in case:
        assert cohen_kappa(*ratings).value == pytest.approx(case["cohen_kappa"], abs=1e-8)


@pytest.mark.parametrize("seed", range(6))
def test_kappa_is_that_of_nltk(seed):
    a, b = drawn(seed, coders=2, gaps=0).astype(int).tolist()
    rows = [
        (who, unit, label) for who, row in (("a", a), ("b", b)) for unit, label in enumerate(row)
    ]
    task = AnnotationTask(rows)
    assert cohen_kappa(a, b).value == pytest.approx(task.kappa(), abs=1e-12)
    assert percent_agreement([a, b]).value == pytest.approx(task.avg_Ao(), abs=1e-12)
    assert krippendorff_alpha([a, b]).value == pytest.approx(task.alpha(), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_alpha_of_sets_is_that_of_nltk_with_jaccard_distance(seed):
    rng = np.random.default_rng(seed)
    pool = [frozenset(), frozenset("a"), frozenset("ab"), frozenset("bc"), frozenset("abc")]
    rows = [[pool[k] for k in rng.integers(0, 5, 25)] for _ in range(3)]
    task = AnnotationTask(
        [(who, unit, one) for who, row in enumerate(rows) for unit, one in enumerate(row)],
        # nltk divides by the size of the union, which two empty sets do not have
        distance=lambda a, b: jaccard_distance(a, b) if a | b else 0.0,
    )
    codes, labels = coded(rows)
    assert measured("alpha_jaccard", codes, labels).value == pytest.approx(task.alpha(), abs=1e-12)


def test_published_and_fixture_numbers_are_met(shared_data):
    folder = shared_data / "reliability"
    for case in json.loads((folder / "published_alpha_share.json").read_text(encoding="utf-8")):
        for level, printed in case["published"].items():
            if level != "ratio":
                found = krippendorff_alpha(case["coders_by_units"], level)
                assert round(found.value, 3) == printed, (case["name"], level)
    for file in sorted(folder.glob("dkpro_gwet_*.json")):
        fixture = json.loads(file.read_text(encoding="utf-8"))
        table = np.array(fixture["table"])
        both = np.repeat(np.indices(table.shape).reshape(2, -1), table.ravel(), axis=1)
        wanted = next(case for case in fixture["cases"] if case["measure"] == "AC1")
        assert gwet_ac1(both).value == pytest.approx(wanted["coefficient"], abs=5e-4)
        assert percent_agreement(both).value == pytest.approx(wanted["pa"], abs=1e-9)


def test_the_fleiss_example_of_ten_subjects_by_fourteen_raters_is_met():
    rows = [
        "0000e",
        "02642",
        "00356",
        "03920",
        "22811",
        "77000",
        "32630",
        "25322",
        "65210",
        "02237",
    ]
    table = [[int(n, 16) for n in row] for row in rows]
    assert round(fleiss_kappa(table).value, 3) == 0.210


@pytest.mark.parametrize("measure", FAMILY)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_the_order_of_units_does_not_matter_not_even_to_the_interval(measure, seed):
    ratings = drawn(seed, units=25)
    order = np.random.default_rng(seed).permutation(25)
    assert same(measure(ratings), measure(ratings[:, order]))


@pytest.mark.parametrize("measure", FAMILY[:5])
@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_coders_does_not_matter(measure, seed):
    ratings = drawn(seed)
    assert same(measure(ratings), measure(ratings[[2, 0, 1]]))


@pytest.mark.parametrize("measure", FAMILY)
def test_the_order_of_respondents_does_not_matter(measure):
    ratings = drawn(5)
    who = np.random.default_rng(1).integers(0, 12, ratings.shape[1])
    order = np.random.default_rng(2).permutation(ratings.shape[1])
    found = measure(ratings, respondents=who)
    assert same(found, measure(ratings[:, order], respondents=who[order]))
    assert same(found, measure(ratings, respondents=[f"r{k}" for k in who]))


@pytest.mark.parametrize("measure", FAMILY)
def test_perfect_agreement_is_one_and_its_interval_is_no_point(measure):
    few, many = ([[1, 2, 3, 1, 2] * k] * 2 for k in (2, 40))
    for ratings, below in ((few, 0.9), (many, 0.995)):
        found = measure(ratings)
        assert (found.value, found.high) == (1.0, 1.0)
        assert 0 < found.low < below
    assert measure(few).low < measure(many).low


@pytest.mark.parametrize("measure", [*FAMILY[1:]])
def test_one_label_only_is_undefined_and_not_perfect(measure):
    found = measure([[1] * 20, [1] * 20])
    assert math.isnan(found.value)
    assert math.isnan(found.low)
    assert found.n == 20


def test_nothing_rated_twice_is_no_evidence():
    for measure in FAMILY:
        found = measure([[1, None, None], [None, 2, None]])
        assert math.isnan(found.value)
        assert found.n == 0
    assert fleiss_kappa(np.zeros((0, 3))).n == 0
    assert krippendorff_alpha([[], []]).n == 0


@pytest.mark.parametrize("measure", FAMILY)
def test_an_interval_is_the_same_each_time_and_holds_its_value(measure):
    ratings = drawn(3)
    found = measure(ratings)
    assert found == measure(ratings)
    assert -1 <= found.low < found.value < found.high <= 1


def test_units_of_one_respondent_widen_the_interval():
    rng = np.random.default_rng(0)
    truth = np.repeat(rng.integers(0, 3, 20), 10)
    wrong = np.repeat(rng.random(20) < 0.3, 10)
    ratings = [truth, np.where(wrong, (truth + 1) % 3, truth)]
    alone = krippendorff_alpha(ratings)
    together = krippendorff_alpha(ratings, respondents=np.repeat(np.arange(20), 10))
    assert together.value == alone.value
    assert together.high - together.low > 1.8 * (alone.high - alone.low)
    each = krippendorff_alpha(ratings, respondents=[None] * 200)
    assert each == alone


def test_labels_are_any_hashable_values():
    words = [["ä", ("x", 1), None, pd.NA, "c"], ["ä", ("x", 1), "b", "b", "d"]]
    numbers = [[1, 2, None, None, 4], [1, 2, 3, 3, 5]]
    assert krippendorff_alpha(words).value == krippendorff_alpha(numbers).value
    assert gwet_ac1(words).value == pytest.approx(gwet_ac1(numbers).value)
    assert krippendorff_alpha(pd.DataFrame(numbers)).n == 3


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: krippendorff_alpha([1, 2, 3]), "a row per coder"),
        (lambda: krippendorff_alpha([[1, 2, 3]]), "two coders or more"),
        (lambda: krippendorff_alpha([[1, 2], [1]]), "1 to 2 ratings"),
        (lambda: krippendorff_alpha([["a"], ["b"]], "ordinal"), "not a number"),
        (lambda: krippendorff_alpha([[["a"]], [["b"]]]), "hashable"),
        (lambda: krippendorff_alpha([[1, 2], [1, 2]], respondents=["x"]), "1 for 2 units"),
        (lambda: cohen_kappa([1, 2], [1]), "2 and 1 labels"),
        (lambda: fleiss_kappa([[1.5, 0]]), "whole number"),
        (lambda: fleiss_kappa([["a", "b"]]), "table of numbers"),
    ],
)
def test_what_is_no_table_of_ratings_is_refused_with_what_to_do(call, said):
    with pytest.raises(ArgumentError, match=said):
        call()


def test_an_unknown_level_is_refused():
    with pytest.raises(UnknownName, match="did you mean 'nominal'"):
        krippendorff_alpha([[1], [1]], "nominl")


@pytest.mark.parametrize("n", [30, 80])
def test_the_interval_of_alpha_covers_about_as_often_as_it_says(n):
    rng = np.random.default_rng(4)
    truth_alpha, held, draws = 0.7**2, 0, 300
    for _ in range(draws):
        truth = rng.integers(0, 4, n)
        ratings = [np.where(rng.random(n) < 0.7, truth, rng.integers(0, 4, n)) for _ in range(2)]
        found = krippendorff_alpha(ratings)
        held += found.low <= truth_alpha <= found.high
    assert 0.9 <= held / draws <= 0.99


@pytest.mark.parametrize("labels", [None, "abc", 3])
def test_what_is_no_list_of_labels_is_refused(labels):
    with pytest.raises(ArgumentError, match="b is a list of one coder's labels"):
        cohen_kappa(["a", "b", "c"], labels)


@pytest.mark.parametrize("ratings", ["abc", ["abc", "abd"], {"ana": [1, 2], "ben": [1, 1]}, 3])
def test_ratings_that_are_no_table_are_refused_with_an_example(ratings):
    for measure in (krippendorff_alpha, gwet_ac1, percent_agreement):
        with pytest.raises(ArgumentError, match="a row per coder and a column per unit"):
            measure(ratings)
