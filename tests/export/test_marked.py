"""Markdown and Mermaid: what is in them, and that words of customers stay words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop_example import quotes, shop

from cjm_widgets.export import Options, write
from cjm_widgets.export.marked import escaped, markdown, mermaid, score


def test_markdown_has_kpis_curve_lanes_quotes_and_method() -> None:
    text = markdown(shop(6)).replace("\xa0", " ")
    for line in (
        "# Buying online",
        "| NPS |  | +21 | 412 | 14 to 28 | ▲ 6 better | target 25 missed |".replace("+21", "\\+21"),
        "## 4 Purchase",
        "- payment fails (54)",
        "> “Why must I open an account to buy one tin opener?”",
        "> – R-001, survey, 11 Mar 2026, coded by ana",
        "- *referral programme* (idea)",
    ):
        assert line in text, line
    assert "−0.61 (stands apart)" in text
    assert "Scorer: TextBlob 0.20." in text


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("# head", "\\# head"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("a | b", "a \\| b"),
        ("<script>", "&lt;script\\>"),
        ("[x](http://evil)", "\\[x\\](http\\://evil)"),
        ("two\nlines", "two lines"),
        ("&lt;", "&amp;lt;"),
        ("plain words, and so on.", "plain words, and so on."),
    ],
)
def test_words_stay_words_in_markdown(words: str, shown: str) -> None:
    assert escaped(words) == shown


@given(st.text(max_size=80))
def test_no_words_open_markup_html_or_another_line(words: str) -> None:
    made = escaped(words)
    assert "\n" not in made
    assert "<" not in made
    bare = made.replace("\\\\", "").replace("\\|", "").replace("\\`", "").replace("\\[", "")
    assert not set(bare) & set("|`[")


def test_mermaid_has_a_section_a_stage_and_says_that_it_is_lossy() -> None:
    text = mermaid(shop(6))
    lines = text.splitlines()
    assert lines[0] == "journey"
    assert "Intervals, counts and quotes are not in this diagram" in lines[1]
    assert "    section 4 Purchase" in lines
    assert "      Purchase: 2" in lines
    assert "    %% 6 Advocacy no evidence yet" in lines
    assert "    section 6 Advocacy" not in lines


@given(st.floats(-1, 1))
def test_faces_are_whole_numbers_from_1_to_5(valence: float) -> None:
    assert score(valence) in (1, 2, 3, 4, 5)


def test_hostile_names_cannot_write_mermaid_of_their_own() -> None:
    facts = shop(2, names={"discovery": "a: 5: me;\n section x <b> %%{init} #35"})
    lines = mermaid(facts).splitlines()
    assert "    section 1 a 5 me section x b init 35" in lines
    assert all(line.count(":") <= 1 for line in lines)
    assert not any("%%{" in line for line in lines)


def test_both_are_written_in_the_language_asked_for(tmp_path: Path) -> None:
    facts = shop(3, quotes=quotes())
    paths = write(facts, tmp_path / "m.md", tmp_path / "m.mmd", options=Options(language="fr"))
    assert "aucune preuve" in markdown(shop(6, language="fr"))
    assert "Intervalles, effectifs et citations" in paths[1].read_text(encoding="utf-8")
