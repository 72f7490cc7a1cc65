"""Pictures of the map in the situations that are looked at one by one, measured first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from geometry import measured, settled, troubles
from shop_example import curve, shop
from test_map_more import coded_quotes, compared, future, overlaid

import cjm_widgets as cjm
from browser import ARTEFACTS, axe, quiet_page
from cjm_widgets.journeymap import JourneyMap, View, Wishes
from cjm_widgets.view import MapView
from cjm_widgets.view.maps.map_compare import compare_maps

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
FOLDER = ARTEFACTS / "view" / "situations"


def empty_stages() -> JourneyMap:
    """Evidence at two stages of nine."""
    facts = shop(9)
    kept = {"consideration", "purchase"}
    bare = {"mean": None, "low": None, "high": None, "n": 0, "respondents": 0, "grade": "none"}
    return replace(
        facts,
        stages=tuple(
            c
            if c.key in kept
            else replace(c, **bare, lanes={}, quotes=(), kpis=(), stands_apart=False, negative=None)
            for c in facts.stages
        ),
    )


def one_respondent() -> JourneyMap:
    facts = shop(
        4, kpis=None, totals={"respondents": 1, "passages": 6, "texts": 3}, estimate="coded"
    )
    alone = {"n": 2, "respondents": 1, "grade": "thin", "low": None, "high": None}
    stages = tuple(replace(c, **alone, stands_apart=False) for c in facts.stages)
    return replace(facts, stages=stages)


def no_scores() -> JourneyMap:
    """Ratings of people only, before anything was scored."""
    return shop(estimate="coded", kpis=None)


SITUATIONS: list[tuple[str, Any, dict[str, Any]]] = [
    ("01-three-stages", lambda: shop(3), {}),
    ("02-fourteen-stages", lambda: shop(14), {"width": 1900}),
    ("03-empty-stages", empty_stages, {}),
    ("04-no-scores", no_scores, {}),
    ("05-one-respondent", one_respondent, {}),
    ("06-dark", lambda: shop(quotes=coded_quotes()), {"color_scheme": "dark"}),
    ("07-french", lambda: shop(9, language="fr"), {}),
    ("08-print", shop, {}),
    ("09-narrow", lambda: shop(9), {"width": 900}),
    ("10-personas", lambda: overlaid(shop()), {}),
    ("11-blueprint", lambda: shop(wishes=Wishes(kind="blueprint")), {}),
    ("12-future", lambda: future(shop()), {}),
    ("13-at-3840", lambda: shop(9), {"width": 3840}),
    ("14-day", lambda: shop(wishes=Wishes(kind="day", times={"purchase": "08–12 h"})), {}),
]


@pytest.mark.parametrize(("name", "make", "options"), SITUATIONS)
def test_each_situation_is_drawn_in_its_place_and_kept_as_a_picture(
    browser: Browser, name: str, make: Any, options: dict[str, Any]
) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    options = {"width": 1430, "height": 990} | options
    with quiet_page(browser, MapView(make()).page(), **options) as (page, _):
        found = measured(page)
        assert not troubles(found), troubles(found)
        assert found["wide"] <= options["width"]
        if name == "08-print":
            page.emulate_media(media="print")
            page.set_viewport_size({"width": 1587, "height": 1122})
            assert page.locator(".paper svg").is_visible()
        page.screenshot(path=FOLDER / f"{name}.png", full_page=True)


def beside() -> MapView:
    """Two maps beside one another, with targets, personas and a filter."""
    this = overlaid(future(compared(shop(quotes=coded_quotes()))))
    other = replace(shop(quotes=coded_quotes()), title="Before the relaunch")
    purchase = other.stages[3]
    lanes = {**purchase.lanes, "touchpoints": purchase.lanes["touchpoints"][:1]}
    other = replace(
        other, stages=(*other.stages[:3], replace(purchase, lanes=lanes), *other.stages[4:])
    )
    views = (View(other, "segment", "young"),)
    return MapView(this, beside=other, views=lambda: (views, 2))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_two_maps_stand_beside_one_another_stage_by_stage_and_everything_passes_axe(
    browser: Browser, scheme: str
) -> None:
    options: dict[str, Any] = {"width": 1430, "height": 1200, "color_scheme": scheme}
    with quiet_page(browser, beside().page(), **options) as (page, _):
        found = measured(page)
        assert not troubles(found), troubles(found)
        sides = page.locator(".side").all_inner_texts()
        assert sides.count("Before the relaunch") == 3, "headers, touchpoints and quotes differ"
        own = page.locator(".chip", has_text="cart")
        assert own.count() == 1, "the other map has no cart, and says so in its own row"
        page.screenshot(path=FOLDER / f"15-two-maps-{scheme}.png", full_page=True)
        page.locator("button.head-button").nth(3).click()
        page.locator(".menu summary").click()
        page.get_by_text("The map as a table").click()
        assert axe(page)["violations"] == []
        page.locator('select[data-pick="segment"]').select_option(index=1)
        page.locator(".pick.on").wait_for()
        settled(page)
        assert page.locator(".side").count() == 0
        assert not troubles(measured(page))


def test_lanes_are_dragged_by_mouse_and_stay_so_when_the_page_is_loaded_again(
    browser: Browser,
) -> None:
    def order(page: Any) -> list[str]:
        found: list[str] = page.locator(".lane-name").locator("visible=true").all_inner_texts()
        return found

    with quiet_page(browser, MapView(shop()).page(), height=1200) as (page, _):
        settled(page)
        page.locator(".menu summary").click()
        items = page.locator("[data-lanes] > li")
        names = [
            items.nth(i).locator("input[type=text]").input_value() for i in range(items.count())
        ]
        pains = names.index("Pain points")
        items.nth(pains).locator(".handle").drag_to(items.nth(0))
        page.wait_for_timeout(150)
        assert order(page)[0] == "Pain points"
        note = page.locator("[data-lanes-changed]")
        page.get_by_role("button", name="Reset lanes").click()
        assert order(page)[0] == "Goals"
        assert note.is_hidden()
        items.nth(names.index("Pain points")).locator(".handle").drag_to(items.nth(0))
        page.get_by_label("Show Actions").uncheck()
        page.reload()
        settled(page)
        assert order(page)[0] == "Pain points"
        assert "Actions" not in order(page)
        assert "in this browser only" in note.inner_text()
        page.locator(".menu summary").click()
        page.get_by_role("button", name="As they were").click()
        page.reload()
        settled(page)
        assert order(page)[0] == "Goals"


def test_the_brief_legend_stays_in_sight_and_hides_nothing_of_an_unscrolled_page(
    browser: Browser,
) -> None:
    with quiet_page(browser, MapView(shop()).page(), height=500) as (page, _):
        settled(page)
        box = page.locator(".brief").bounding_box()
        assert box is not None
        heads = measured(page)["heads"]
        assert box["y"] + box["height"] <= heads[0][1] + 1
        page.mouse.wheel(0, 900)
        page.wait_for_timeout(200)
        stuck = page.locator(".brief").bounding_box()
        assert stuck is not None
        assert stuck["y"] == pytest.approx(0, abs=1)
        assert stuck["height"] <= 24
        assert "solid" in page.locator(".brief").inner_text()


def test_curves_of_stages_without_any_evidence_have_texts_out_of_sight_only() -> None:
    from cjm_widgets.view.curves.curve_data import AWAY, curve_data

    data = curve_data(shop(evidence=False, quotes=None).stages, "en")
    assert set(data["values-left"]["text"]) == {""}
    assert set(data["values-left"]["x"]) == {AWAY}
    assert len(data["gaps-center"]["text"]) == len(curve())


def test_a_page_of_a_thousand_quotes_and_all_its_filters_stays_below_its_limit() -> None:
    """Twenty-four filters of fourteen stages, each with quotes of its own."""
    facts = shop(14, many=3000)
    assert sum(len(c.quotes) for c in facts.stages) == 1000

    def part(number: int) -> View:
        some = tuple(
            replace(c, quotes=c.quotes[number : number + 60], n=c.n + number) for c in facts.stages
        )
        return View(replace(facts, stages=some), "segment", f"segment {number}")

    views = tuple(part(number) for number in range(24))
    html = MapView(facts, views=lambda: (views, 0)).page()
    assert html.count("<q ") >= 1000
    assert html.count("<option") - 1 + html.count("more filters are not") >= 12
    assert len(html.encode()) <= 2_500_000


def test_filters_make_no_models_of_their_own() -> None:
    """What makes a page slow is Bokeh's models; a filter is words and figures only."""
    from unittest.mock import patch

    from bokeh.model import Model

    views = tuple(View(shop(), "segment", str(i)) for i in range(5))
    MapView(shop()).page()
    made: list[str] = []
    usual = Model.__init__

    def counted(self: Model, *args: Any, **more: Any) -> None:
        made.append(type(self).__name__)
        usual(self, *args, **more)

    with patch.object(Model, "__init__", counted):
        html = MapView(shop(), views=lambda: (views, 0)).page()
    assert made == []
    assert html.count("<option") == 6


def test_a_host_that_shows_no_html_finds_a_picture_of_the_map() -> None:
    from xml.etree import ElementTree

    bundle = MapView(shop())._repr_mimebundle_()
    picture = ElementTree.fromstring(bundle["image/svg+xml"])  # our own drawing
    said = " ".join(text for text in picture.itertext())
    assert "Purchase" in said
    assert "−0.61" in said
    assert 'src="data:image/svg+xml;base64,' in bundle["text/html"]


def test_hostile_words_in_kpis_snapshots_aims_pictures_and_brands_never_run(
    browser: Browser, tmp_path: Path
) -> None:
    bad = "<img src=x onerror=alert(1)>\"'`${1}{{7*7}}</script><script>alert(2)</script>"
    rows = [
        {"text": f"text {i} {bad}", "stage": "purchase", "valence": (-1) ** i, "who": f"{bad}{i}"}
        for i in range(12)
    ]
    figures = [
        {"kpi": bad, "value": 3.0, "at": "2026-01-01", "unit": bad[:30], "stage": stage}
        for stage in (None, "purchase")
    ]
    with cjm.Study(tmp_path / "h.cjm", journey="six", name=bad) as study:
        study.add(
            pd.DataFrame(rows), stage="stage", valence="valence", valence_scale=(-1, 1),
            respondent="who",
        )  # fmt: skip
        study.add_kpis(pd.DataFrame(figures))
        study.aim(bad)
        with pytest.raises(cjm.CjmError):
            study.persona("p", filter={"channel": "x"}, picture=f"../{bad}.png")
        with pytest.raises(cjm.CjmError):
            study.theme(font=f"x;}}</style>{bad}")
        study.snapshot(bad[:60])
        view = study.open_snapshot(bad[:60])
        pages = [view.page(), study.check()._repr_mimebundle_()["text/html"]]
        pages.append(compare_maps(study.map(), study.map(), side_by_side=True).page())
    for html in pages:
        with quiet_page(browser, html, height=1500) as (page, _):
            page.wait_for_timeout(600)
            assert page.evaluate("document.querySelectorAll('img, script[src]').length") == 0
            assert page.evaluate("document.documentElement.scrollWidth") <= 1280
