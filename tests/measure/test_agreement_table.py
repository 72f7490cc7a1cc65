"""The table of agreement: which codings are compared, and how it is divided."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, FrameError, UnknownName
from cjm_widgets.measure.agreement.agreement import cohen_kappa, gwet_ac1, krippendorff_alpha
from cjm_widgets.measure.agreement.agreement_reading import Reading
from cjm_widgets.measure.agreement.agreement_table import agreement_table
from cjm_widgets.model.estimate import Estimate

COLUMNS = {
    "feedback": "int64", "coder": "str", "start": "int64", "stop": "int64", "stage": "str",
    "valence": "float64", "codes": "str", "respondent": "str", "version": "int64",
}  # fmt: skip


def codings(*rows):
    """Text, coder, start, stop, stage, valence, codes, respondent."""
    full = [(*row[:7], row[7] if len(row) > 7 else f"r{row[0]}", 1) for row in rows]
    return pd.DataFrame(full, columns=list(COLUMNS)).astype(COLUMNS)


def lengths(frame, size=100):
    return dict.fromkeys(zip(frame.feedback, frame.version, strict=True), size)


def values(table, scope="all"):
    rows = table[table["scope"] == scope]
    return {
        (m if level in ("nominal", "passages") else f"{m} {level}"): v
        for m, level, v in zip(rows["measure"], rows["level"], rows["value"], strict=True)
    }


@pytest.fixture
def many():
    """Three coders, 40 texts, gaps; a short second passage that must not count."""
    rng = np.random.default_rng(0)
    rows = []
    for text in range(40):
        truth = rng.integers(0, 3)
        for coder in "abc":
            if rng.random() < 0.2:
                continue
            k = truth if rng.random() < 0.7 else rng.integers(0, 3)
            codes = "; ".join(
                sorted(set(rng.choice(["fee", "slow", "kind"], 2)[: rng.integers(0, 3)]))
            )
            rows.append((text, coder, 10, 60, f"s{k}", k / 2 - 0.5, codes))
            rows.append((text, coder, 70 * (text % 2), 70 * (text % 2) + 5, "s9", 1.0, ""))
    return codings(*rows)


def test_the_main_coding_of_a_text_is_the_longest_passage_that_has_one(many):
    main = many[many["stop"] == 60]
    wide = main.pivot(index="coder", columns="feedback", values="stage")
    found = values(agreement_table(many, lengths(many)))
    assert found["krippendorff_alpha"] == pytest.approx(krippendorff_alpha(wide).value)
    assert found["gwet_ac1"] == pytest.approx(gwet_ac1(wide.loc[:, wide.notna().sum() > 1]).value)
    assert "cohen_kappa" not in found
    wide = main.pivot(index="coder", columns="feedback", values="valence")
    found = values(agreement_table(many, lengths(many), "valence"))
    for level in ("ordinal", "interval"):
        wanted = krippendorff_alpha(wide, level).value
        assert found[f"krippendorff_alpha {level}"] == pytest.approx(wanted)


def test_a_longer_passage_without_a_stage_does_not_stand_for_one():
    given = codings(
        (1, "a", 0, 90, None, 0.5, ""),
        (1, "a", 0, 10, "pay", None, ""),
        (1, "b", 0, 10, "pay", 0.5, ""),
        (2, "a", 0, 10, "use", 0.0, ""),
        (2, "b", 5, 9, "pay", 0.0, ""),
        (2, "b", 0, 4, "use", 0.0, ""),
    )
    assert values(agreement_table(given, lengths(given)))["percent"] == 1.0
    assert values(agreement_table(given, lengths(given), "valence"))["percent"] == 1.0


def test_pairs_have_the_figures_of_the_two_alone(many):
    table = agreement_table(many, lengths(many), by="pair")
    assert list(dict.fromkeys(table["scope"])) == ["a – b", "a – c", "b – c"]
    for pair in ("a – b", "b – c"):
        two = many[many["coder"].isin(pair.split(" – "))]
        alone = agreement_table(two, lengths(two))
        assert values(table, pair) == pytest.approx(values(alone), nan_ok=True)
        wide = two[two["stop"] == 60].pivot(index="coder", columns="feedback", values="stage")
        assert values(table, pair)["cohen_kappa"] == pytest.approx(
            cohen_kappa(*wide.to_numpy()).value
        )


def test_a_stage_or_code_is_held_against_all_others(many):
    table = agreement_table(many, lengths(many), by="stage")
    main = many[many["stop"] == 60]
    wide = main.pivot(index="coder", columns="feedback", values="stage")
    yes = (wide == "s1").astype(object).where(wide.notna(), None)
    assert values(table, "s1")["krippendorff_alpha"] == pytest.approx(krippendorff_alpha(yes).value)
    assert set(table["scope"]) == {"s0", "s1", "s2"}
    table = agreement_table(many, lengths(many), "codes", "code")
    wide = main.assign(yes=main["codes"].str.contains("fee").astype(object)).pivot(
        index="coder", columns="feedback", values="yes"
    )
    assert values(table, "fee")["krippendorff_alpha"] == pytest.approx(
        krippendorff_alpha(wide).value
    )
    assert set(table["scope"]) == {"fee", "slow", "kind"}


def test_another_thing_divides_the_texts_by_what_any_coder_said(many):
    table = agreement_table(many, lengths(many), "valence", "stage")
    main = many[many["stop"] == 60]
    texts = main.loc[main["stage"] == "s0", "feedback"]
    part = many[many["feedback"].isin(texts)]
    alone = agreement_table(part, lengths(part), "valence")
    assert values(table, "s0") == pytest.approx(values(alone))
    table = agreement_table(many, lengths(many), "stage", "code")
    coded = many.loc[many["codes"].str.contains("slow"), "feedback"]
    part = many[many["feedback"].isin(coded)]
    assert values(table, "slow") == pytest.approx(values(agreement_table(part, lengths(part))))


def test_codes_are_compared_as_sets_over_all_passages_of_a_text():
    given = codings(
        (1, "a", 0, 50, "s", 0, "fee; slow"),
        (1, "b", 0, 20, "s", 0, "fee"),
        (1, "b", 30, 50, "s", 0, "slow"),
        (2, "a", 0, 50, "s", 0, "fee"),
        (2, "b", 0, 50, "s", 0, "fee; slow"),
        (3, "a", 0, 5, "s", 0, ""),
        (3, "b", 0, 5, "s", 0, ""),
    )
    found = values(agreement_table(given, lengths(given), "codes"))
    assert found["percent sets"] == pytest.approx(2 / 3)
    # By hand: D_o = 2·½/6; of the 30 ordered pairs 3·2 × {fee, slow}–{fee} differ by ½ and
    # {…}–{} by 1: 3·1·2·½ + 3·2·2 + 1·2·2 = 19.
    assert found["krippendorff_alpha sets"] == pytest.approx(1 - (1 / 6) / (19 / 30))


def test_single_texts_say_who_differs_and_by_how_much():
    given = codings(
        (7, "a", 0, 50, "pay", 1.0, ""),
        (7, "b", 0, 50, "pay", 0.5, ""),
        (7, "c", 0, 50, "use", 0.0, ""),
        (8, "a", 0, 50, "pay", 1.0, ""),
        (8, "b", 0, 50, "pay", 1.0, ""),
        (9, "a", 0, 9, "use", 0, ""),
    )
    table = agreement_table(given, lengths(given), by="text")
    assert values(table, "7")["percent"] == pytest.approx(1 / 3)
    assert values(table, "8") == {"percent": 1.0, "alpha_u": 1.0, "characters_coded": 1.0}
    assert "9" not in set(table["scope"])
    assert table.loc[table["scope"] == "7", "n"].tolist() == [3, 3, 3]
    assert table["low"].isna().all()
    table = agreement_table(given, lengths(given), "valence", "text")
    assert values(table, "7")["difference interval"] == pytest.approx(2 / 3)


def test_passages_of_another_version_of_a_text_are_not_compared():
    given = codings((1, "a", 0, 50, "pay", 0, ""), (1, "b", 0, 50, "pay", 0, ""))
    moved = given.assign(version=[1, 2])
    sizes = {(1, 1): 100, (1, 2): 100}
    assert values(agreement_table(given, sizes))["alpha_u"] == 1.0
    table = agreement_table(moved, sizes)
    assert values(table)["percent"] == 1.0
    assert table.loc[table["measure"] == "alpha_u", "n"].tolist() == [0]
    assert "Nothing to compare" in table.loc[table["measure"] == "alpha_u", "reading"].item()


def test_respondents_are_what_is_drawn():
    rows = []
    for text in range(100):
        for coder in "ab":
            stage = "x" if text % 20 < 10 or (coder == "b" and text < 60) else "y"
            rows.append((text, coder, 0, 50, stage, 0, "", f"r{text // 10}"))
    together = agreement_table(codings(*rows), {(t, 1): 100 for t in range(100)})
    apart = agreement_table(codings(*[row[:7] for row in rows]), {(t, 1): 100 for t in range(100)})
    width = (together["high"] - together["low"]) / (apart["high"] - apart["low"])
    assert (width > 1.5).sum() >= 6
    assert together["value"].tolist() == pytest.approx(apart["value"].tolist(), nan_ok=True)


def test_no_codings_give_figures_of_nothing():
    empty = codings().iloc[:0]
    for on in ("stage", "valence", "codes"):
        for by in (None, "stage", "code", "text", "pair"):
            table = agreement_table(empty, {}, on, by)
            assert (table["n"] == 0).all()
            assert table["value"].isna().all()
    one = codings((1, "a", 0, 5, "pay", 0, "fee"))
    assert (agreement_table(one, lengths(one))["n"] == 0).all()


def test_what_is_wrong_is_named(many):
    with pytest.raises(UnknownName, match="did you mean 'stage'"):
        agreement_table(many, {}, "stages")
    with pytest.raises(UnknownName, match="did you mean 'pair'"):
        agreement_table(many, {}, by="pairs")
    with pytest.raises(ArgumentError, match="length is missing"):
        agreement_table(many, {})
    with pytest.raises(FrameError, match="lacks the column 'coder'"):
        agreement_table(many.drop(columns="coder"), {})


def test_readings_warn_in_both_languages(many):
    english = agreement_table(many, lengths(many))["reading"]
    french = agreement_table(many, lengths(many), language="fr")["reading"]
    assert english.str.contains("chance is not taken out").any()
    assert french.str.contains("hasard").any()


@pytest.mark.parametrize(
    ("measure", "estimate", "prevalence", "grade", "traps"),
    [
        ("gwet_ac1", Estimate(0.9, 0.85, 0.95, 100), 0.5, "good", ()),
        ("gwet_ac1", Estimate(0.7999, 0.79, 0.95, 100), 0.5, "good", ("uncertain",)),
        ("cohen_kappa", Estimate(0.7, 0.5, 0.8, 29), 0.5, "tentative", ("uncertain", "few")),
        ("cohen_kappa", Estimate(0.5, 0.1, 0.8, 9), 0.9, "low", ("fewest", "prevalence")),
        ("fleiss_kappa", Estimate(0.0, -0.1, 0.1, 50), 0.5, "chance", ()),
        ("percent", Estimate(0.95, 0.9, 1, 50), 0.9, "share", ("easy",)),
        ("alpha_u", Estimate(np.nan, np.nan, np.nan, 50), 1.0, "undefined", ()),
        ("alpha_u", Estimate(np.nan, np.nan, np.nan, 0), np.nan, "none", ()),
    ],
)
def test_a_reading_grades_and_warns(measure, estimate, prevalence, grade, traps):
    found = Reading(measure, estimate, prevalence)
    assert found.grade == grade
    assert found.traps == traps
    for language in ("en", "fr"):
        assert "{" not in found.text(language)
    assert found.text("en") != found.text("fr")


@pytest.mark.parametrize("on", ["stage", "valence", "codes"])
@pytest.mark.parametrize("by", [None, "stage", "code", "text", "pair"])
def test_the_order_of_codings_does_not_matter_not_even_to_the_interval(many, on, by):
    turned = many.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        agreement_table(many, lengths(many), on, by),
        agreement_table(turned, lengths(many), on, by),
    )
