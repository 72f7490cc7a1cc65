"""Filters, lanes, evidence, targets, overlays and the turned map, in Chromium."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from geometry import measured, settled, troubles
from shop_example import shop

import cjm_widgets as cjm
from browser import ARTEFACTS, axe, quiet_page
from cjm_widgets.errors import ArgumentError
from cjm_widgets.journeymap import (
    Difference,
    JourneyMap,
    Overlay,
    Persona,
    Point,
    Privacy,
    Target,
    View,
    Wishes,
    share,
)
from cjm_widgets.view import MapView
from cjm_widgets.view.parts.brand import Brand, contrast, fitted

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def whole(page: Page, name: str) -> None:
    (ARTEFACTS / "view").mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / "view" / f"{name}.png", full_page=True)


def told(page: Page, slot: str) -> str:
    return page.locator(f'[data-slot="{slot}"]').inner_text()


def coded_quotes() -> Any:
    from shop_example import quotes

    frame = quotes()
    codes = frame["text"].str.contains("failed|échoué|refused")
    return frame.assign(
        codes=codes.map({True: "payment-fails", False: ""}),
        touchpoint="cart",
        memo=codes.map({True: "the bank <b>says</b> no", False: ""}),
        source="survey.csv",
        source_id=frame["feedback"].map("C-{}".format),
        uid=frame["feedback"].map("u{}".format),
    )


def test_a_bar_a_chip_and_a_kpi_lead_to_what_is_behind_them_by_mouse_and_by_key(
    browser: Browser,
) -> None:
    with quiet_page(browser, MapView(shop(quotes=coded_quotes())).page(), height=2400) as (page, _):
        settled(page)
        bar = page.locator("button.bar", has_text="payment fails")
        assert (
            bar.get_attribute("title")
            == "payment fails: 54 texts, 36 % of all mentions. Show its passages"
        )
        bar.click()
        assert told(page, "name") == "4 Purchase · payment fails"
        assert told(page, "count") == "passages in this page: 3 · texts counted: 54"
        shown = page.locator(".quotes > li:visible")
        assert shown.count() == 3
        assert "coded by ana" in shown.first.inner_text()
        assert "survey.csv C-" in shown.first.inner_text()
        assert "Memo: the bank <b>says</b> no" in shown.first.inner_text()
        assert "chosen by fit" in shown.first.inner_text()
        assert bar.get_attribute("aria-pressed") == "true"
        page.keyboard.press("Escape")
        assert told(page, "name") == "All stages"
        chip = page.locator("button.chip", has_text="cart")
        chip.focus()
        page.keyboard.press("Enter")
        assert told(page, "name") == "4 Purchase · cart"
        page.locator(".top-row button", has_text="NPS").click()
        assert "Q2 2025" in page.locator(".history:visible").inner_text()
        assert told(page, "name") == "All stages"


def filtered() -> MapView:
    facts = shop(quotes=coded_quotes())
    private = Privacy(minimum=100)
    young = replace(facts, title=facts.title, totals=replace(facts.totals, respondents=41))
    one = share(young, private, filtered=True)
    views = (View(one, "segment", "<i>young</i>"),)
    return MapView(facts, views=lambda: (views, 3))


def test_a_filter_changes_the_whole_map_without_a_kernel_and_back(browser: Browser) -> None:
    with quiet_page(browser, filtered().page(), height=2400) as (page, _):
        settled(page)
        before = page.locator("button.head-button").all_inner_texts()
        pick = page.locator('select[data-pick="segment"]')
        assert pick.locator("option").all_inner_texts() == ["all", "<i>young</i> (41)"]
        assert "3 more filters are not in this page" in page.locator(".tools").inner_text()
        pick.select_option(index=1)
        page.locator(".pick.on").wait_for()
        settled(page)
        assert "41 respondents" in page.locator(".facts").inner_text()
        heads = page.locator("button.head-button").all_inner_texts()
        assert "held back" in heads[0]
        assert "169 texts" not in heads[0]
        assert "104" not in heads[0]
        assert "KPIs are of all customers" in page.locator(".foot").inner_text()
        assert not page.get_by_text("cannot compare").locator("visible=true").count()
        page.locator("button.head-button").nth(3).click()
        assert told(page, "name") == "4 Purchase"
        pick.select_option(index=0)
        page.locator(".pick.on").wait_for(state="detached")
        settled(page)
        assert page.locator("button.head-button").all_inner_texts() == before
        assert page.evaluate("Bokeh.documents.length") == 1


def lanes(page: Page) -> list[str]:
    found = page.locator(".lane-name").locator("visible=true").all_inner_texts()
    return [name for name in found if name]


def test_lanes_move_hide_and_get_names_in_the_page_which_tells_its_frame(
    browser: Browser,
) -> None:
    inner = MapView(shop()).page().replace("&", "&amp;").replace('"', "&quot;")
    outer = (
        "<!doctype html><title>t</title><script>got=[];addEventListener('message',"
        "(e)=>e.data.type==='cjm-lane'&&got.push(e.data))</script>"
        "<iframe sandbox='allow-scripts' title='map' "
        f'style="width:1250px;height:1900px" srcdoc="{inner}"></iframe>'
    )
    with quiet_page(browser, outer, height=2000) as (page, _):
        frame = page.frame_locator("iframe")
        frame.locator("button.head-button").first.wait_for()
        frame.locator(".menu summary").click()
        frame.get_by_label("Move Pain points up").click()
        frame.get_by_label("Show Actions").uncheck()
        name = frame.get_by_label("Name of Goals")
        name.fill("<img src=x onerror=alert(1)>")
        name.press("Enter")
        page.wait_for_function("got.length === 3")
        last = page.evaluate("got.at(-1)")
        assert last["type"] == "cjm-lane"
        assert last["hidden"] == ["actions"]
        assert last["names"] == {"goals": "<img src=x onerror=alert(1)>"}
        order = last["order"]
        assert order.index("pains") == order.index("curve") - 1
        visible = frame.locator(".lane-name").locator("visible=true")
        shown = visible.all_inner_texts()
        assert shown[0] == "<img src=x onerror=alert(1)>"
        assert "Actions" not in shown
        assert shown.index("Pain points") == shown.index("Emotion") - 1
        frame.get_by_label("Move Backstage up").click()
        page.wait_for_timeout(100)
        assert page.evaluate("got.length") == 3, "a lane does not cross the line of visibility"
        frame.get_by_role("button", name="As they were").click()
        frame.get_by_label("Show Goals").wait_for()
        assert visible.all_inner_texts()[:3] == ["Goals", "Touchpoints", "Actions"]


def overlaid(facts: JourneyMap) -> JourneyMap:
    def line(name: str, shift: float) -> Overlay:
        points = tuple(
            Point(c.key, None if c.mean is None else max(-1, min(1, c.mean + shift)), n=9)
            for c in facts.stages
        )
        return Overlay(name, points, 50, 31)

    cards = (
        Persona("a", "Amélie, <b>first</b> time", "Young, in a hurry.", ("a present",), n=50),
        Persona("b", "B" * 60, filter={"segment": ("x", "y")}, initials="BB"),
    )
    lines = (line("Amélie", 0.2), line("B" * 60, -0.3))
    return replace(facts, personas=cards, overlays=lines)


def future(facts: JourneyMap) -> JourneyMap:
    stages = tuple(
        replace(c, target=Target(0.5, "Guest checkout")) if c.number in (1, 2, 4) else c
        for c in facts.stages
    )
    return replace(facts, kind="future", stages=stages, lanes=(*facts.lanes[:6], "targets"))


def compared(facts: JourneyMap) -> JourneyMap:
    marked = Difference(-0.38, 80, -0.23, -0.37, -0.09, 0.004)
    vague = Difference(0.3, 80, 0.05, -0.1, 0.2, 1.0)
    stages = tuple(
        replace(c, compared=marked if c.number == 4 else vague if c.mean else Difference(None))
        for c in facts.stages
    )
    return replace(facts, stages=stages, lanes=(*facts.lanes, "compared"), compared_with="Q4")


SITUATIONS = [
    ("overlay", lambda: overlaid(shop())),
    ("future", lambda: future(shop())),
    ("future-french", lambda: future(shop(language="fr"))),
    ("blueprint", lambda: shop(wishes=Wishes(kind="blueprint"))),
    ("compared", lambda: compared(shop())),
    ("rows", lambda: shop(9, wishes=Wishes(rows="rows"))),
    ("day", lambda: shop(wishes=Wishes(kind="day", times={"purchase": "08–12 h"}))),
]


@pytest.mark.parametrize(("name", "make"), SITUATIONS)
def test_each_kind_of_map_keeps_its_places_and_passes_axe(
    browser: Browser, name: str, make: Any
) -> None:
    with quiet_page(browser, MapView(make()).page(), width=1316, height=1800) as (page, _):
        found = measured(page)
        assert not troubles(found), troubles(found)
        whole(page, f"map-{name}")
        if name in ("overlay", "compared", "rows"):
            assert axe(page)["violations"] == []


def test_gaps_are_counted_and_said_and_a_target_that_is_reached_is_none() -> None:
    facts = future(shop())
    assert facts.stage("purchase").gap == pytest.approx(1.11)
    text = MapView(facts).page()
    assert "gap +1.11" in text
    assert "The gap is open at 3 of 3 stages with a target." in text
    assert MapView(facts).frame["gap"].notna().sum() == 3


def test_only_a_difference_beyond_chance_is_marked() -> None:
    text = MapView(compared(shop())).table()
    assert "▼\xa0−0.23 (−0.37 to −0.09), worse here" in text
    assert "+0.05 (−0.10 to +0.20), may be chance" in text
    assert text.count("▼\xa0−0.23") == 1


def test_a_stage_a_row_shows_the_same_facts_and_leads_to_the_same_passages(
    browser: Browser,
) -> None:
    view = MapView(shop(quotes=coded_quotes()), layout="down")
    with quiet_page(browser, view.page(), width=1600, height=2400) as (page, _):
        settled(page)
        rows = page.locator(".turned tbody tr")
        assert rows.count() == 6
        assert not page.locator(".scroll").is_visible()
        assert "−0.61" in rows.nth(3).inner_text()
        rows.nth(3).locator("button.bar").first.click()
        assert told(page, "name") == "4 Purchase · payment fails"
        assert axe(page)["violations"] == []
        whole(page, "map-turned")
        for width in (1000, 700):
            page.set_viewport_size({"width": width, "height": 2400})
            sheet = page.locator(".turned.stacked")
            assert sheet.evaluate("e => e.scrollWidth - e.clientWidth") == 0
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert "Pain points" in rows.nth(3).inner_text(), "each lane bears its name"
        assert "Actions" not in rows.nth(0).inner_text(), "an empty lane takes no room"
        whole(page, "map-turned-narrow")
        page.set_viewport_size({"width": 1600, "height": 2400})
        page.get_by_role("button", name="Stages as rows").click()
        assert page.locator(".scroll").is_visible()
        assert not troubles(measured(page))


@pytest.mark.parametrize("width", [900, 2560, 3840])
def test_narrow_and_very_wide_pages_keep_everything_in_its_place(
    browser: Browser, width: int
) -> None:
    html = MapView(shop(quotes=coded_quotes())).page()
    with quiet_page(browser, html, width=width, height=1800) as (page, _):
        found = measured(page)
        assert not troubles(found), troubles(found)
        assert found["wide"] <= width
        whole(page, f"map-at-{width}")


def test_a_house_has_its_colours_font_and_logo_and_everything_stays_readable(
    browser: Browser,
) -> None:
    dot = (
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDw"
        "ADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    brand = Brand.of(
        {"accent": "#8a1c5a", "font": "Georgia", "stages": ["#8a1c5a", "#1c5a8a"], "logo": dot}
    )
    for scheme in ("light", "dark"):
        with quiet_page(
            browser, MapView(shop(), brand=brand).page(), color_scheme=scheme, height=1500
        ) as (page, _):
            settled(page)
            colour = page.locator("h1").evaluate("e => getComputedStyle(e).color")
            assert colour == ("rgb(138, 28, 90)" if scheme == "light" else colour)
            assert page.locator("img.logo").count() == 1
            assert "Georgia" in page.evaluate("getComputedStyle(document.body).fontFamily")
            fills = page.evaluate(
                """() => [...Bokeh.documents[0].get_model_by_name('points')
                     .data.c_fill_light]"""
            )
            assert "#8a1c5a" in fills
            assert axe(page)["violations"] == []
            whole(page, f"map-house-{scheme}")


def test_a_colour_too_faint_and_a_font_that_is_no_name_are_refused_with_a_way_out() -> None:
    with pytest.raises(ArgumentError, match=r"contrast of 1\.\d on white.*#[0-9a-f]{6} would do"):
        Brand.of({"accent": "#ffe066"})
    with pytest.raises(ArgumentError, match="letters, digits"):
        Brand.of({"font": "x;} body{display:none"})
    with pytest.raises(ArgumentError, match="#rrggbb"):
        Brand.of({"stages": ["red"]})
    with pytest.raises(ArgumentError, match="PNG or JPEG"):
        Brand.of({"logo": "data:image/svg+xml;base64,AAAA"})
    for mode, ground in (("light", "#ffffff"), ("dark", "#14171d")):
        assert contrast(fitted("#808080", mode, 4.5), ground) >= 4.5


def test_hostile_words_in_personas_lanes_targets_filters_and_places_never_run(
    browser: Browser, tmp_path: Path
) -> None:
    bad = "<img src=x onerror=alert(1)>\"'`${1}{{7*7}}$$x$$</script><script>alert(2)</script>"
    rows = [
        {
            "comment": f"{bad} text {i}",
            "stage": "purchase",
            "rating": (-1) ** i,
            "respondent": f"{bad}{i % 7}",
            "persona": f"{bad}{'ab'[i % 2]}",
            "channel": f"{bad}{'cd'[i % 2]}",
            "touchpoint": bad,
            "segment": f"{bad}{i % 3}",
        }
        for i in range(24)
    ]
    with cjm.Study(tmp_path / "h.cjm", journey="six", name=bad) as study:
        study.add(
            pd.DataFrame(rows), text="comment", stage="stage", valence="rating",
            valence_scale=(-1, 1), respondent="respondent", channel="channel",
            touchpoint="touchpoint",
        )  # fmt: skip
        study.persona(bad, name=bad, description=bad, goals=[bad], filter={"persona": f"{bad}a"})
        study.persona("z", filter={"persona": f"{bad}b"}, picture="<b>")
        study.lane("goals", title=bad[:60])
        study.lane(bad[:60], backstage=True)
        study.note(bad[:60], "purchase", bad)
        study.target("purchase", valence=0.5, text=bad)
        view = study.map(kind="future", personas=[bad, "z"], compare_with={"channel": f"{bad}c"})
        html = view.page()
    with quiet_page(browser, html, height=1800) as (page, _):
        settled(page)
        page.locator("button.chip").first.click()
        assert bad in told(page, "name")
        for pick in ("persona", "compared"):
            page.locator(f'select[data-pick="{pick}"]').select_option(index=1)
            page.locator(".pick.on").wait_for()
            settled(page)
        page.get_by_role("button", name="Stages as rows").click()
        whole(page, "map-hostile-wishes")
        assert page.evaluate("document.querySelectorAll('img, script[src], iframe').length") == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_sub_stages_fold_and_open_by_a_click_also_from_under_a_filter(
    browser: Browser, tmp_path: Path
) -> None:
    with cjm.Study(tmp_path / "f.cjm", journey="four") as study:
        parts = [stage.key for stage in study.journey if stage.parent]
        frame = pd.DataFrame(
            {
                "comment": [f"Text {i}" for i in range(24)],
                "stage": [parts[0], parts[1], "decision"] * 8,
                "rating": [1, -1, 0] * 8,
                "channel": ["call", "survey"] * 12,
            }
        )
        study.add(
            frame, text="comment", stage="stage", valence="rating", valence_scale=(-1, 1),
            channel="channel",
        )  # fmt: skip
        html = study.map().page()
    with quiet_page(browser, html, height=1500) as (page, _):
        settled(page)
        heads = page.locator("button.head-button")
        assert heads.count() == 6
        page.locator(".fold").first.click()
        page.locator(".fold", has_text="open 3 parts").wait_for()
        assert heads.count() == 4
        assert "16 texts" in heads.nth(3).inner_text()
        settled(page)
        page.locator(".fold").first.click()
        page.locator(".fold", has_text="fold").first.wait_for()
        settled(page)
        assert heads.count() == 6
        assert not troubles(measured(page))
        page.locator('select[data-pick="channel"]').select_option(index=1)
        page.locator(".pick.on").wait_for()
        settled(page)
        page.locator(".tools [data-fold]").click()
        page.locator(".pick.on").wait_for(state="detached")
        settled(page)
        assert heads.count() == 4
