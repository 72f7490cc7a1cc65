"""The whole map as one SVG picture: nothing cut, nothing over anything else, nothing that runs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_example import NOTES, kpis, quotes, shop

from browser import picture, quiet_page
from cjm_widgets.errors import UnknownName
from cjm_widgets.journeymap import JourneyMap
from cjm_widgets.journeymap.facts import Overlay, Point, Target
from cjm_widgets.view import drawing
from cjm_widgets.view.drawing import metrics
from cjm_widgets.view.parts.brand import Brand

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\"'&\x00\u202e]]><img src=x onerror=alert(1)>"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
BOXES = """() => [...document.querySelectorAll('svg text')].map(t => {
  const b = t.getBoundingClientRect();
  return {text: t.textContent, left: b.left, top: b.top, right: b.right, bottom: b.bottom};
})"""


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter(f"{SVG}text")]


def size(svg: str) -> tuple[float, float]:
    root = ET.fromstring(svg)
    return float(root.attrib["width"]), float(root.attrib["height"])


def worst() -> JourneyMap:
    """Hostile and endless words in every field that people or files fill."""
    latest, history = kpis()
    for frame in (latest, history):
        frame["kpi"] = frame["kpi"].str.replace("NPS", f"{LONG} {HOSTILE}")
        frame["unit"] = frame["unit"].mask(frame["kpi"] == "CSAT", f"{LONG}")
    said = quotes()
    said["text"] = [f"{HOSTILE} {LONG} {i} " + "very long words " * 12 for i in range(len(said))]
    said["respondent"] = [f"{LONG}{i}" for i in range(len(said))]
    notes = pd.DataFrame(
        [*NOTES, ("purchase", HOSTILE, HOSTILE), ("discovery", LONG, f"{LONG} " * 40)],
        columns=["stage", "lane", "text"],
    )
    return shop(
        6,
        names={
            "purchase": f"{HOSTILE} {LONG}",
            "discovery": "漢字" * 30,
            "use": "مرحبا بالعالم " * 4,
        },
        quotes=said,
        kpis=latest,
        kpi_history=history,
        notes=notes,
        title=f"{HOSTILE} {LONG} " * 3,
        persona=HOSTILE,
    )


def future() -> JourneyMap:
    """Targets, and the curves of two personas over the map's own."""
    facts = shop(6)
    stages = tuple(replace(c, target=Target(0.4, "guest checkout")) for c in facts.stages)
    lines = tuple(
        Overlay(
            name,
            tuple(Point(c.key, None if c.mean is None else c.mean + by) for c in stages),
            respondents=20,
        )
        for name, by in (("Anna", 0.05), ("Ben", -0.1))
    )
    at = facts.lanes.index("curve") + 1
    lanes = (*facts.lanes[:at], "targets", *facts.lanes[at:])
    return replace(facts, kind="future", stages=stages, overlays=lines, lanes=lanes)


CASES: dict[str, Any] = {
    "one": lambda: drawing.svg(shop(1)),
    "three-french": lambda: drawing.svg(shop(3, language="fr")),
    "six": lambda: drawing.svg(shop(6)),
    "six-dark-french": lambda: drawing.svg(shop(6, language="fr"), theme="dark"),
    "six-print": lambda: drawing.svg(shop(6), theme="print"),
    "fourteen": lambda: drawing.svg(shop(14)),
    "no-evidence": lambda: drawing.svg(shop(6, evidence=False)),
    "worst": lambda: drawing.svg(worst()),
    "future": lambda: drawing.svg(future()),
    "rows": lambda: drawing.svg(replace(shop(6), rows="rows")),
}


@pytest.mark.browser
@pytest.mark.parametrize("case", CASES)
def test_no_text_is_cut_or_stands_over_another(browser: Browser, case: str) -> None:
    svg = CASES[case]()
    width, height = size(svg)
    page_html = f"<!doctype html><style>body{{margin:0}}svg{{display:block}}</style>{svg}"
    with quiet_page(browser, page_html, width=round(width), height=round(height)) as (page, _):
        boxes = page.evaluate(BOXES)
        picture(page.locator("svg"), f"drawing-{case}")
    assert len(boxes) > 20
    for box in boxes:
        assert box["left"] >= 20, box
        assert box["right"] <= width - 20, box
        assert box["top"] >= 0, box
        assert box["bottom"] <= height, box
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            # Boxes of lines are taller than their letters: three pixels may meet.
            apart = (
                a["right"] <= b["left"] + 0.5
                or b["right"] <= a["left"] + 0.5
                or a["bottom"] <= b["top"] + 3
                or b["bottom"] <= a["top"] + 3
            )
            assert apart, (a, b)


def test_everything_the_map_knows_stands_in_the_picture() -> None:
    facts = shop(6)
    said = " ".join(texts(drawing.svg(facts)))
    for part in (
        "Buying online",
        "412 respondents",
        "NPS",
        "+21",
        "target 25 missed",
        "4 Purchase",
        "169 texts · solid",
        "Pay in one go",
        "payment page",
        "−0.61",
        "stands apart",
        "no evidence",
        "thin: 7 people",
        "payment fails",
        "Cart abandonment",
        "Line of visibility",
        "SEO suite",
        "95 % interval",
        "corrected by people’s ratings",
        "Scorer: TextBlob 0.20",
    ):
        assert part in said, part


def test_what_a_customer_wrote_is_text_and_never_markup() -> None:
    svg = drawing.svg(worst())
    root = ET.fromstring(svg)
    for node in root.iter():
        assert node.tag.removeprefix(SVG) in {
            *("svg", "title", "desc", "text", "rect", "path", "polyline", "circle")
        }
        assert not [name for name in node.attrib if name.lower().startswith("on")]
        assert "href" not in node.attrib
    assert any("<script>" in text for text in texts(svg))


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["en", "fr"]))
@settings(max_examples=40, deadline=None)
def test_any_words_make_a_sound_document(title: str, words: str, language: str) -> None:
    facts = shop(2)
    column = replace(facts.stages[0], name=words)
    made = drawing.svg(replace(facts, title=title, stages=(column, *facts.stages[1:])), language)
    ET.fromstring(made)


@given(
    st.text(min_size=1, max_size=200),
    st.floats(20, 300),
    st.sampled_from([9.0, 12.0]),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_lines_fit_their_room_and_lose_nothing(
    text: str, room: float, size: float, bold: bool
) -> None:
    lines = metrics.wrap(text, room, size, bold=bold)
    kept = metrics.plain(text)
    assert "".join("".join(line.split(" ")) for line in lines) == "".join(kept.split(" "))
    for line in lines:
        one_mark = len(metrics.plain(line).strip()) <= 2
        assert metrics.width(line, size, bold=bold) <= room + 0.01 or one_mark


def test_a_cut_text_ends_after_a_whole_word() -> None:
    lines = metrics.wrap("the size guide answered my question before I asked it", 90, 12, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert f" {lines[-1].removesuffix('…').split()[-1]} " in "the size guide answered my question "


def test_a_note_without_end_is_cut_with_a_mark_and_other_entries_are_counted() -> None:
    notes = pd.DataFrame(
        [("purchase", "actions", "word " * 2000)]
        + [("purchase", "systems", f"system {i}") for i in range(9)],
        columns=["stage", "lane", "text"],
    )
    said = texts(drawing.svg(shop(6, notes=notes)))
    assert sum(line.startswith("word word") for line in said) == 12
    assert [line for line in said if line.startswith("word")][-1].endswith("…")
    assert "3 more" in said


def test_a_map_for_paper_is_as_wide_as_a3_landscape() -> None:
    width, height = size(drawing.svg(shop(6), theme="print"))
    assert 1.3 < width / height < 1.7
    fitted = drawing.paper(shop(6))
    assert 'width="' not in fitted[: fitted.index("><")].replace("stroke-width", "")
    assert "preserveAspectRatio" in fitted


def test_dark_and_light_differ_in_colours_only() -> None:
    light, dark = drawing.svg(shop(6)), drawing.svg(shop(6), theme="dark")
    assert light != dark
    plain = [re.sub(r"#[0-9a-f]{6}", "#", one) for one in (light, dark)]
    assert plain[0] == plain[1]


def test_a_theme_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownName, match="print"):
        drawing.svg(shop(3), theme="sepia")


def test_a_house_draws_in_its_own_colours_font_and_logo() -> None:
    logo = "data:image/png;base64,iVBORw0KGgo="
    brand = Brand(accent="#7a1fa2", font="Georgia", stages=("#a31515",), logo=logo)
    svg = drawing.svg(shop(3), brand=brand)
    assert "#a31515" in svg
    assert "Georgia" in ET.fromstring(svg).attrib["font-family"]
    assert logo in svg


def test_targets_are_drawn_only_where_the_map_has_their_lane() -> None:
    facts = future()
    assert "aim +0.40" in " ".join(texts(drawing.svg(facts)))
    without = replace(facts, lanes=tuple(lane for lane in facts.lanes if lane != "targets"))
    svg = drawing.svg(without)
    assert "aim +0.40" not in " ".join(texts(svg))
    assert 'stroke-dasharray="6 3"' not in svg


def test_the_still_picture_is_an_image_of_the_same_drawing() -> None:
    import base64

    html = drawing.still(replace(shop(3), title='"><script>'))
    found = re.search(r"base64,([^\"]+)\"", html)
    assert found is not None
    assert base64.b64decode(found[1]).decode().startswith("<svg ")
    assert "<script" not in html
