"""The people of a flow, chosen in the picture without script, as far as privacy lets them be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import cjm_widgets as cjm
from browser import axe, quiet_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PEOPLE = ("Ann Lee", "Bob Roy", "Cy Ode", "ann@example.org")


@pytest.fixture
def study(tmp_path: Path) -> cjm.Study:
    """Three people go from search to payment, one of them back again."""
    rows = [(who, "Search", f"2026-01-0{i + 1}") for i, who in enumerate(PEOPLE)]
    rows += [(who, "Pay", f"2026-02-0{i + 1}") for i, who in enumerate(PEOPLE[:3])]
    rows += [("Cy Ode", "Search", "2026-03-01")]
    frame = pd.DataFrame(rows, columns=["who", "stage", "date"])
    frame = frame.assign(text=[f"words of {n} about it" for n in range(len(frame))])
    made = cjm.Study(tmp_path / "a.cjm")
    made.add(frame, text="text", stage="stage", respondent="who", at="date")
    return made


def test_the_exported_page_holds_the_people_of_each_flow_with_their_ways(
    study: cjm.Study, tmp_path: Path
) -> None:
    study.export(tmp_path / "paths.html", of=study.paths())
    page = (tmp_path / "paths.html").read_text("utf-8")
    assert "Ann Lee, Bob Roy" in page
    assert "Search → Pay → Search" in page
    assert "ann@example.org" not in page, "an address is a pseudonym even where names are shown"
    assert "<script" not in page


@pytest.mark.parametrize("choice", ["pseudonym", "hide"])
def test_respondents_are_named_as_privacy_says(study: cjm.Study, choice: str) -> None:
    study.privacy(respondents=choice)
    page = study.paths().html()
    assert "Search → Pay → Search" in page
    assert not [who for who in PEOPLE if who in page]
    assert ("P-" in page) == (choice == "pseudonym")


def test_flows_and_ways_of_too_few_people_are_not_told_apart(study: cjm.Study) -> None:
    study.privacy(minimum=2)
    page = study.paths().html()
    assert "Held back: fewer than 2 respondents." in page, "one person went back"
    assert "Search → Pay → Search" not in page
    assert "other ways" in page
    assert "Ann Lee, Bob Roy" in page


def test_a_flow_is_chosen_by_its_number_and_shows_its_people(
    study: cjm.Study, browser: Browser
) -> None:
    html = f"<!doctype html><html lang=en><title>t</title>{study.paths().html()}"
    with quiet_page(browser, html, height=700, reduced_motion="reduce") as (page, _):
        shown = page.locator(".people:visible")
        assert shown.count() == 0
        page.locator(".hit").first.click()
        assert "Ann Lee, Bob Roy" in shown.inner_text()
        solid = page.locator(".flow.next").evaluate("e => getComputedStyle(e).strokeOpacity")
        assert float(solid) == pytest.approx(0.8)
        page.keyboard.press("ArrowRight")
        assert shown.count() == 1
        assert "Ann Lee, Bob Roy" not in shown.inner_text(), "the keyboard goes on to the next flow"
        assert axe(page)["violations"] == []
        page.locator(".steps label", has_text="none").click()
        assert shown.count() == 0


def test_what_goes_no_further_fades_out_of_its_bar(study: cjm.Study) -> None:
    from xml.etree import ElementTree

    html = study.paths().html()
    picture = html[html.index("<svg") : html.index("</svg>") + 6]
    marks = [e for e in ElementTree.fromstring(picture).iter() if e.get("class") == "left"]
    last = study.paths().stages.set_index("stage")["last"]
    heights = [float(mark.get("height") or 0) for mark in marks]
    assert len(heights) == (last > 0).sum()
    assert heights[0] / heights[1] == pytest.approx(last.iloc[0] / last.iloc[1])


def test_people_who_go_round_and_round_stay_inside_the_picture(tmp_path: Path) -> None:
    """Ways back that together are taller than every bar."""
    import re

    order = ("a", "d", "c", "b", "a", "c", "b", "d", "a")
    rows = [
        (f"p{i}", stage, f"2026-01-0{k + 1}") for i in range(9) for k, stage in enumerate(order)
    ]
    frame = pd.DataFrame(rows, columns=["who", "stage", "date"])
    frame = frame.assign(text=[f"words of {n}" for n in range(len(frame))])
    journey = ("a", "b", "c", "d")
    study = cjm.Study(tmp_path / "a.cjm", journey=list(journey))
    study.add(frame, text="text", stage="stage", respondent="who", at="date")
    html = study.paths().html()
    wide, tall = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', html).groups())  # type: ignore[union-attr]
    bars = [float(x) for x in re.findall(r'class="full" x="([\d.]+)"', html)]
    backs = re.findall(r'class="flow back"[^>]* d="M([^"]*)" stroke-width="([\d.]+)"', html)
    assert backs
    for path, width in backs:
        xs = [float(x) for x in re.findall(r"(?:^|[C H])([\d.-]+)(?= [\d.]+)", path)]
        # A curve reaches three quarters of the way to its handles.
        left = bars[0] - 0.75 * (bars[0] - min(xs)) if min(xs) < bars[0] else min(xs)
        assert left - float(width) / 2 >= 0
        assert max(xs) < wide
    assert tall < 480
    assert "heard at one stage only" not in html, "nobody was"
