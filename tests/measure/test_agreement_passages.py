"""Agreement of coders on passages, against the definitions counted character by character."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.agreement.agreement import krippendorff_alpha
from cjm_widgets.measure.agreement.agreement_passages import (
    MEASURES,
    flat,
    passage_agreement,
    passages,
)


def drawn(seed, texts=6, coders=3, labels="xyz", longest=40):
    """Texts of several coders; their passages touch, and none overlaps another of its coder."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(texts):
        length = int(rng.integers(8, longest))
        rows = []
        for _ in range(int(rng.integers(2, coders + 1))):
            ends = sorted(rng.choice(length + 1, size=2 * int(rng.integers(0, 4)), replace=False))
            rows.append(
                [
                    (int(a), int(b), str(rng.choice(list(labels))))
                    for a, b in zip(ends[::2], ends[1::2], strict=True)
                ]
            )
        made.append((length, rows))
    return made


def counted(texts, measure):
    """The measure by the equations of 2016, each character and pair of coders looked at."""
    coincidences: dict[tuple, float] = {}
    itself: dict[object, float] = {}
    for length, coders in texts:
        m = len(coders)
        painted = []
        for spans in coders:
            row = [(None, None)] * length
            for number, (start, stop, label) in enumerate(spans):
                row[start:stop] = [(label, number)] * (stop - start)
            painted.append(row)
        for a, b in itertools.permutations(painted, 2):
            for (first, _), (second, _) in zip(a, b, strict=True):
                coincidences[first, second] = coincidences.get((first, second), 0) + 1 / (m - 1)
            if measure == "alpha_u_what":
                met: dict[tuple, int] = {}
                for one, (second, _) in zip(a, b, strict=True):
                    if one[0] is not None and second is not None:
                        met[one] = met.get(one, 0) + 1
                for (label, _), size in met.items():
                    itself[label] = itself.get(label, 0) + size**2 / (m - 1)
        if measure != "alpha_u_what":
            for row in painted:
                for label, number in set(row):
                    size = row.count((label, number))
                    itself[label] = itself.get(label, 0) + (size if label is None else size**2)
    if measure == "alpha_u_what":
        coincidences = {k: v for k, v in coincidences.items() if None not in k}
    total = sum(coincidences.values())
    names = {name for pair in coincidences for name in pair}
    margin = {
        name: sum(v for (first, _), v in coincidences.items() if first == name) for name in names
    }
    scale = total / (total**2 - sum(itself.values()))
    expected = {
        (c, k): scale * (margin[c] * margin[k] - (itself.get(c, 0) if c == k else 0))
        for c in names
        for k in names
    }

    def disagreement(table):
        if measure == "alpha_u_where":
            return sum(v for (c, k), v in table.items() if (c is None) != (k is None))
        return sum(v for (c, k), v in table.items() if c != k)

    return 1 - disagreement(coincidences) / disagreement(expected)


@pytest.mark.parametrize("measure", MEASURES[:3])
@pytest.mark.parametrize("seed", range(8))
def test_the_unitised_alphas_are_what_counting_characters_gives(measure, seed):
    texts = drawn(seed)
    found = passage_agreement(passages(texts), measure)
    assert found.value == pytest.approx(counted(texts, measure), abs=1e-10)
    assert found.low <= found.value <= found.high
    assert found.n == len(texts)


@pytest.mark.parametrize("seed", range(4))
def test_passages_of_one_character_give_the_alpha_of_characters(seed):
    texts = [
        (
            length,
            [[(k, k + 1, label) for s, e, label in spans for k in range(s, e)] for spans in rows],
        )
        for length, rows in drawn(seed)
    ]
    ratings = [[], [], []]
    for length, rows in texts:
        for coder in range(3):
            said = dict.fromkeys(range(length), "")
            if coder < len(rows):
                said |= {start: label for start, _, label in rows[coder]}
                ratings[coder] += said.values()
            else:
                ratings[coder] += [None] * length
    wanted = krippendorff_alpha(ratings).value
    assert passage_agreement(passages(texts), "alpha_u").value == pytest.approx(wanted, abs=1e-10)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_the_order_of_texts_and_coders_does_not_matter_not_even_to_the_interval(seed):
    texts = drawn(seed)
    turned = [(length, rows[::-1]) for length, rows in texts[::-1]]
    for measure in MEASURES:
        a, b = (passage_agreement(passages(given), measure) for given in (texts, turned))
        for name in ("value", "low", "high", "n"):
            assert getattr(a, name) == pytest.approx(getattr(b, name), abs=1e-9, nan_ok=True)


def test_the_same_passages_agree_fully_and_the_interval_is_no_point():
    texts = [(length, [rows[0], rows[0]]) for length, rows in drawn(2, texts=12)]
    for measure in MEASURES:
        found = passage_agreement(passages(texts), measure)
        assert found.value == 1.0
        assert 0.5 < found.low < 0.9


def test_characters_are_counted_with_and_without_uncoded_text():
    texts = [(100, [[(0, 10, "pay")], [(5, 20, "pay")]]), (50, [[(0, 10, "a")], [(0, 10, "b")]])]
    found = {name: passage_agreement(passages(texts), name).value for name in MEASURES}
    assert found["characters"] == pytest.approx((5 + 80 + 40) / 150)
    assert found["characters_coded"] == pytest.approx(5 / 30)


def test_a_shorter_passage_inside_a_longer_one_says_what_its_text_is():
    assert flat([(0, 20, 0), (5, 9, 1), (7, 8, 2)]) == [
        (0, 5, 0), (5, 7, 1), (7, 8, 2), (8, 9, 1), (9, 20, 0),
    ]  # fmt: skip
    assert flat([(0, 10, 0), (5, 11, 1)]) == [(0, 5, 0), (5, 11, 1)]
    assert flat([(3, 6, 1), (0, 3, 1)]) == [(0, 3, 1), (3, 6, 1)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12), st.integers(0, 3)), max_size=12))
@settings(max_examples=80, deadline=None)
def test_flat_passages_cover_the_same_text_with_the_label_of_the_shortest(raw):
    spans = [(start, start + size, label) for start, size, label in raw]
    found = flat(spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))
    said = {k: label for start, stop, label in found for k in range(start, stop)}
    assert set(said) == {k for start, stop, _ in spans for k in range(start, stop)}
    for k, label in said.items():
        assert label in {other for start, stop, other in spans if start <= k < stop}


def test_texts_of_one_coder_say_nothing():
    one = [(10, [[(0, 5, "a")]])]
    two = [(10, [[(0, 5, "a")], [(0, 4, "a")]])]
    for measure in MEASURES:
        alone = passage_agreement(passages(one), measure)
        assert math.isnan(alone.value)
        assert alone.n == 0
        assert passage_agreement(passages(one + two), measure).n == 1
    assert passage_agreement(passages([]), "alpha_u").n == 0


def test_nothing_coded_is_undefined():
    found = passage_agreement(passages([(10, [[], []]), (5, [[], []])]), "alpha_u")
    assert math.isnan(found.value)
    assert found.n == 2
    assert math.isnan(passage_agreement(passages([(10, [[], []])]), "characters_coded").value)


def test_respondents_are_drawn_whole():
    texts = drawn(1, texts=30, coders=2)
    alone = passage_agreement(passages(texts), "alpha_u")
    repeated = texts * 4
    who = list(range(30)) * 4
    together = passage_agreement(passages(repeated, who), "alpha_u")
    apart = passage_agreement(passages(repeated), "alpha_u")
    assert together.high - together.low == pytest.approx(alone.high - alone.low, rel=0.05)
    assert apart.high - apart.low < 0.7 * (together.high - together.low)


def test_a_long_text_of_thousands_of_passages_is_no_burden():
    spans = [(k * 150, k * 150 + 100 + k % 90, "abc"[k % 3]) for k in range(2000)]
    moved = [(start + 7, stop, label) for start, stop, label in spans]
    found = passage_agreement(passages([(310_000, [spans, moved])]), "alpha_u")
    assert 0.8 < found.value < 1
    assert math.isnan(found.low)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ArgumentError, match=r"text 0.*10 code points.*\[5, 11\)"):
        passages([(10, [[(5, 11, "a")], []])])
    with pytest.raises(ArgumentError, match="2 for 1 texts"):
        passages([(10, [[], []])], ["r", "s"])
    with pytest.raises(UnknownName, match="measure of passages"):
        passage_agreement(passages([]), "alpha")
