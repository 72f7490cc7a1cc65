"""study.agreement: how far the coders of a study agree, as a frame and as a table."""

from __future__ import annotations

from html.parser import HTMLParser

import pandas as pd
import pytest

import cjm_widgets as cjm
from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.study import Study


def figures(view, scope="all"):
    frame = view.frame
    frame = frame[frame["scope"] == scope]
    return {
        (row.measure, row.level): (row.value, row.low, row.high, row.n)
        for row in frame.itertuples()
    }


@pytest.fixture
def coded(study: Study):
    """Two texts of one shop, and a way to code them."""
    study.set_journey(["Search", {"en": "Pay", "fr": "Payer"}])
    texts = pd.DataFrame({"id": ["a", "b", "c"], "words": ["one two three", "four five", "six"]})
    study.add(texts, text="words", id="id")

    def code(rows):
        columns = ["coder", "id", "start", "stop", "stage", "valence"]
        study.add_codings(pd.DataFrame(rows, columns=columns), coder="coder")
        return study

    return code


def test_the_coders_of_the_sample_agree_as_its_readme_says(sample):
    found = figures(sample.agreement())
    value, low, high, n = found["cohen_kappa", "nominal"]
    assert round(value, 2) == 0.78
    assert 0.6 < low < 0.7 < 0.83 < high < 0.9
    assert n == 84
    assert found["percent", "nominal"][0] == pytest.approx(69 / 84)
    assert round(found["krippendorff_alpha", "nominal"][0], 2) == 0.78
    assert round(found["gwet_ac1", "nominal"][0], 2) == 0.79
    valence = figures(sample.agreement(on="valence"))
    assert round(valence["percent", "nominal"][0], 3) == 0.667
    assert round(valence["krippendorff_alpha", "interval"][0], 2) == 0.88
    passages = {m: v[0] for (m, level), v in found.items() if level == "passages"}
    assert list(passages) == [
        "alpha_u", "alpha_u_where", "alpha_u_what", "characters", "characters_coded",
    ]  # fmt: skip
    assert passages["alpha_u_where"] < passages["alpha_u"] < passages["alpha_u_what"]
    assert passages["characters_coded"] < passages["characters"]


def test_figures_are_functions_of_the_package_on_the_main_codings(sample):
    codings = sample.codings()
    size = codings["stop"] - codings["start"]
    main = codings.loc[size.groupby([codings["feedback"], codings["coder"]]).idxmax()]
    wide = main.pivot(index="coder", columns="feedback", values="stage")
    who = main.drop_duplicates("feedback").set_index("feedback")["respondent"][wide.columns]
    kappa = cjm.cohen_kappa(*wide.to_numpy(dtype=object), respondents=who)
    assert figures(sample.agreement())["cohen_kappa", "nominal"] == (
        kappa.value, kappa.low, kappa.high, kappa.n,
    )  # fmt: skip


def test_it_is_divided_by_stage_code_text_and_pair(sample):
    stages = [stage.key for stage in sample.journey]
    assert set(sample.agreement(by="stage").frame["scope"]) == set(stages)
    codes = sample.agreement(on="codes", by="code").frame
    assert set(codes["scope"]) <= {code.key for code in sample.codebook}
    assert set(sample.agreement(by="pair").frame["scope"]) == {"ana – ben"}
    texts = sample.agreement(by="text")
    assert texts.frame["scope"].nunique() == 84
    assert "C-003" in texts.html()


def test_coders_can_be_chosen_and_kappa_of_cohen_is_for_two(coded):
    said = {"ana": ("Search", "Pay"), "ben": ("Pay", "Pay"), "zoé": ("Pay", "Search")}
    rows = [
        (who, text, 0, 4, stage, 1)
        for who in said
        for text, stage in zip("ab", said[who], strict=True)
    ]
    study = coded(rows)
    assert ("cohen_kappa", "nominal") not in figures(study.agreement())
    two = figures(study.agreement(["ana", "ben"]))
    assert two["percent", "nominal"][0] == 0.5
    assert figures(study.agreement(("zoé", "ana")))["percent", "nominal"][0] == 0.0
    assert study.agreement(["ana", "ben"]).coders == ("ana", "ben")


def test_stages_that_the_journey_has_no_more_count_as_not_given(coded):
    study = coded([("ana", "a", 0, 3, "Pay", 1), ("ben", "a", 0, 3, "Pay", 1)])
    assert figures(study.agreement())["percent", "nominal"][3] == 1
    study.set_journey(["Search"])
    assert figures(study.agreement())["percent", "nominal"][3] == 0


def test_nothing_coded_twice_says_what_would_help(coded, study):
    with pytest.raises(NoEvidence, match=r"study\.coder\(name\)"):
        study.agreement()
    coded([("ana", "a", 0, 3, "Pay", 1), ("ben", "b", 0, 3, "Pay", 1)])
    with pytest.raises(NoEvidence, match="'ana', 'ben'"):
        study.agreement()
    with pytest.raises(UnknownName, match="did you mean 'ana'"):
        study.agreement(["anna", "ben"])
    with pytest.raises(ArgumentError, match="two names or more"):
        study.agreement(["ana"])
    with pytest.raises(ArgumentError, match="two names or more"):
        study.agreement("ana")
    coded([("ben", "a", 0, 3, "Pay", 1)])
    with pytest.raises(UnknownName, match="did you mean 'stage'"):
        study.agreement(on="stages")
    with pytest.raises(UnknownName, match="did you mean 'text'"):
        study.agreement(by="texts")


def test_a_text_that_was_replaced_is_measured_in_the_version_that_was_coded(coded, study):
    coded([("ana", "a", 4, 13, "Pay", 1), ("ben", "a", 4, 13, "Pay", 1)])
    before = figures(study.agreement())
    study.add(pd.DataFrame({"id": ["a"], "words": ["one"]}), text="words", id="id")
    after = figures(study.agreement())
    assert after["characters", "passages"] == before["characters", "passages"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_table_shows_itself_in_the_studys_language_with_every_name_escaped(new, language):
    evil = "<img src=x onerror=alert(1)>"
    study = new(language=language)
    study.set_journey([evil, "Pay"])
    study.add(pd.DataFrame({"id": [evil], "words": ["one two"]}), text="words", id="id")
    rows = [(f"{evil}{k}", evil, 0, 3, evil) for k in "ab"]
    given = pd.DataFrame(rows, columns=["coder", "id", "start", "stop", "stage"])
    study.add_codings(given, coder="coder")
    for by in (None, "stage", "text", "pair"):
        view = study.agreement(by=by)
        page = view._repr_mimebundle_()["text/html"]
        assert "<img" not in page
        assert f'lang="{language}"' in page
        seen: list[str] = []
        parser = HTMLParser()
        parser.handle_starttag = lambda tag, attrs, seen=seen: seen.append(tag)
        parser.feed(page)
        assert {"table", "th", "td"} <= set(seen) <= {
            "div", "style", "strong", "span", "p", "table", "thead", "tbody", "tr", "th", "td",
            "svg", "line", "circle", "bdi",
        }  # fmt: skip
        assert len(view.frame) == page.count("</tr>") - 1
    assert ("Accord" if language == "fr" else "Agreement") in repr(view)


def test_a_long_table_is_cut_and_the_frame_is_not(sample):
    view = sample.agreement(by="text")
    assert len(view.frame) == 252
    assert view.html().count("</tr>") == 201
    assert "52 more rows" in view.html()
    frame = view.frame
    frame["value"] = 0
    assert view.frame["value"].sum() > 0


def test_the_figures_are_the_same_on_both_engines(place, sample):
    with Study(place) as study:
        study.set_journey("six")
        folder = cjm.sample_data()
        study.add(folder / "comments.csv", text="comment", id="id", respondent="respondent")
        study.set_codebook(pd.read_csv(folder / "codebook.csv", dtype="str"))
        study.add_codings(folder / "codings.csv", valence_scale=(-2, 2))
        pd.testing.assert_frame_equal(study.agreement().frame, sample.agreement().frame)
