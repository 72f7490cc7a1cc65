"""The map as one offline page, in Chromium."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from geometry import measured, settled, troubles
from shop_example import QUOTES, SHOP, curve, journey, quotes, shop

from browser import ARTEFACTS, axe, picture, quiet_page
from cjm_widgets.journeymap import build
from cjm_widgets.view import CurveView, KpiView, MapView
from cjm_widgets.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

LONG = {
    "discovery": "Donaudampfschifffahrtsgesellschaftskapitän",
    "consideration": "Anticonstitutionnellement comparaison interprofessionnelle",
    "purchase": "x" * 60,
}


def whole(page: Page, name: str) -> None:
    (ARTEFACTS / "view").mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / "view" / f"{name}.png", full_page=True)


@pytest.mark.parametrize("count", [3, 6, 9, 14])
def test_columns_points_and_labels_keep_their_places_at_every_width(
    browser: Browser, count: int
) -> None:
    html = MapView(shop(count, language="fr" if count == 9 else "en")).page()
    with quiet_page(browser, html, width=1280) as (page, _):
        for width in (900, 1280, 2000):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(250)
            found = measured(page)
            assert not troubles(found), (width, troubles(found))
            assert len(found["heads"]) == count
            assert found["wide"] <= width
            whole(page, f"map-{count}-stages-{width}")


def test_the_measuring_finds_a_label_on_the_curve(browser: Browser) -> None:
    """A control: the rules above would not notice anything if they measured nothing."""
    with quiet_page(browser, MapView(shop()).page()) as (page, _):
        settled(page)
        page.evaluate(
            """() => { const r = [...Bokeh.documents[0]._all_models.values()]
              .find(m => m.type === 'GlyphRenderer'
                && m.data_source.name.startsWith('values-')
                && [...m.data_source.data.text].some(t => t));
              const data = r.data_source.data, all = (value) => [...data.dx].map(_ => value);
              r.data_source.data = {...data, dx: all(-5), dy: all(0)} }"""
        )
        assert any("crosses" in told for told in troubles(measured(page)))


def test_lane_labels_stay_in_sight_when_the_map_scrolls_sideways(browser: Browser) -> None:
    with quiet_page(browser, MapView(shop(14)).page(), width=900) as (page, _):
        before = measured(page)
        page.evaluate("document.querySelector('.scroll').scrollLeft = 700")
        after = measured(page)
        assert after["heads"][0][0] < before["heads"][0][0] - 600
        assert all(
            abs(a[0] - b[0]) < 1 for a, b in zip(before["lanes"], after["lanes"], strict=True)
        )
        x, y = after["lanes"][2][0] + 20, after["lanes"][2][1] + 15
        top = page.evaluate(
            """([x, y]) => { let e = document.elementFromPoint(x, y);
              while (e.shadowRoot && e.shadowRoot.elementFromPoint(x, y) !== e
                     && e.shadowRoot.elementFromPoint(x, y)) {
                const n = e.shadowRoot.elementFromPoint(x, y); if (n === e) break; e = n;
                if (e.classList.contains('lane')) return 'lane' }
              return e.className }""",
            [x, y],
        )
        assert "lane" in top
        whole(page, "map-14-stages-900-scrolled")


def shown(page: Page) -> list[str]:
    texts: list[str] = page.locator(".quotes > li:visible q").all_inner_texts()
    return texts


def selected(page: Page) -> list[int]:
    found: list[int] = page.evaluate(
        """() => { const out = new Set(); for (const m of Bokeh.documents[0]._all_models.values())
          if (m.css_classes && m.css_classes.includes('sel')) out.add(+m.name.split('-')[1]);
          return [...out] }"""
    )
    return found


def test_a_click_on_a_header_filters_quotes_and_panels_and_again_shows_all(
    browser: Browser,
) -> None:
    with quiet_page(browser, MapView(shop()).page()) as (page, _):
        settled(page)
        everything = shown(page)
        page.locator("button.head-button").nth(3).click()
        assert len(shown(page)) == len(QUOTES["purchase"])
        assert any("payment page failed" in text for text in shown(page))
        assert selected(page) == [3]
        assert page.evaluate("Bokeh.documents[0].get_model_by_name('band').visible") is True
        assert page.locator(".detail:visible").get_attribute("aria-label") == "4 Purchase"
        assert page.locator(".top-row > .kpi.sel").count() == 1
        assert page.locator("button.head-button").nth(3).get_attribute("aria-pressed") == "true"
        assert "Purchase" in page.locator('[role="status"]').inner_text()
        whole(page, "map-selected")
        page.locator("button.head-button").nth(3).click()
        assert shown(page) == everything
        assert selected(page) == []
        assert page.evaluate("Bokeh.documents[0].get_model_by_name('band').visible") is False


def test_keys_a_tap_on_the_curve_a_cell_and_a_kpi_select_too_and_escape_clears(
    browser: Browser,
) -> None:
    with quiet_page(browser, MapView(shop()).page()) as (page, _):
        settled(page)
        heads = page.locator("button.head-button")
        heads.nth(1).focus()
        page.keyboard.press("Enter")
        assert selected(page) == [1]
        page.keyboard.press("Escape")
        assert selected(page) == []
        heads.nth(2).focus()
        page.keyboard.press("Space")
        assert selected(page) == [2]
        found = measured(page)
        x, y, _ = found["points"][4]
        page.mouse.click(x, y)
        assert selected(page) == [4]
        page.mouse.click(found["heads"][0][0] + 30, (found["canvas"][1] + found["canvas"][3]) / 2)
        assert selected(page) == [0]
        page.locator(".kpi button", has_text="Cart abandonment").click()
        assert selected(page) == [3]
        page.get_by_text("Bounce rate").locator("visible=true").first.click()
        assert selected(page) == [1]
        page.get_by_role("button", name="Show all stages").click()
        assert selected(page) == []


def test_a_touch_on_the_curve_selects(browser: Browser) -> None:
    with quiet_page(browser, MapView(shop()).page(), has_touch=True, height=1400) as (page, _):
        x, y, _ = measured(page)["points"][3]
        page.touchscreen.tap(x, y)
        page.wait_for_timeout(100)
        assert selected(page) == [3]


@pytest.mark.parametrize("letters", ["plain words ", "déjà vu ", "顧客の声", "<&>\"'"])
def test_the_page_stays_small_whatever_is_said_and_however_long(letters: str) -> None:
    frame = quotes(3000)
    frame["text"] = [f"{i} {letters * 120}" for i in range(len(frame))]
    facts = shop(14, quotes=frame)
    assert sum(len(c.quotes) for c in facts.stages) == 1000
    html = MapView(facts).page()
    assert len(html.encode()) <= 2_500_000
    if letters == "plain words ":
        assert html.count("<q ") == 1000


def test_a_thousand_quotes_fit_and_more_of_them_show_on_request(browser: Browser) -> None:
    html = MapView(shop(many=3000)).page()
    assert len(html.encode()) <= 2_500_000
    with quiet_page(browser, html) as (page, _):
        settled(page)
        assert len(shown(page)) == 12
        page.locator("button.head-button").nth(0).click()
        assert len(shown(page)) == 12
        page.get_by_role("button", name="more quotes").click()
        assert len(shown(page)) == page.locator('.quotes > li[data-of="0"]').count() > 150


@pytest.mark.parametrize(
    ("name", "facts", "options"),
    [
        ("dark", {}, {"color_scheme": "dark"}),
        ("french", {"language": "fr"}, {}),
        (
            "no-evidence",
            {"evidence": False, "quotes": None, "codings": None, "touchpoints": None, "kpis": None},
            {},
        ),
        ("one-stage", {"count": 1}, {}),
        ("long-words", {"names": LONG}, {}),
        ("scores-only", {"estimate": "automatic"}, {}),
    ],
)
def test_each_situation_is_drawn_in_its_place_and_the_main_ones_pass_axe(
    browser: Browser, name: str, facts: dict[str, Any], options: dict[str, Any]
) -> None:
    with quiet_page(browser, MapView(shop(**facts)).page(), **options) as (page, _):
        found = measured(page)
        assert not troubles(found), troubles(found)
        whole(page, f"map-{name}")
        if name in ("one-stage", "long-words", "no-evidence"):
            return  # what axe looks at is the same as in the others
        page.locator("button.head-button").first.click()
        page.get_by_text(say("map.as_table", facts.get("language", "en"))).click()
        page.locator(".menu summary").click()
        result = axe(page)
        assert result["violations"] == []
        assert result["contrasts"] > 20


def test_axe_finds_what_is_broken_on_purpose(browser: Browser) -> None:
    html = MapView(shop(3)).page().replace('aria-label="Journey map, scrolls sideways"', "")
    html = html.replace("<h1>", '<img src="data:,"><h1 style="color:#ccc">')
    with quiet_page(browser, html) as (page, problems):
        settled(page)
        names = {rule for rule, _ in axe(page)["violations"]}
        assert {"image-alt", "color-contrast"} <= names
        problems.clear()


def test_dark_theme_recolours_the_curve_too_and_a_forced_theme_stays(browser: Browser) -> None:
    colour = """() => [...Bokeh.documents[0]._all_models.values()]
      .map(m => m.glyph).find(g => g && g.type === 'MultiLine').line_color.value"""
    with quiet_page(browser, MapView(shop()).page()) as (page, _):
        settled(page)
        light = page.evaluate(colour)
        page.emulate_media(color_scheme="dark")
        page.wait_for_timeout(100)
        assert page.evaluate(colour) != light
    with quiet_page(browser, MapView(shop(), theme="light").page(), color_scheme="dark") as (
        page,
        _,
    ):
        settled(page)
        assert page.evaluate(colour) == light


def hostile(shared_data: Path) -> list[str]:
    nasty = (shared_data / "nasty/xss_60.txt").read_text(encoding="utf-8").splitlines()
    naughty = json.loads((shared_data / "nasty/blns.json").read_text(encoding="utf-8"))
    chosen = [text for text in (*nasty, *naughty) if text.strip()]
    own = [
        "</script><script>alert(1)</script>",
        "$$\\frac{1}{0}$$",
        "{{ 7 * 7 }}",
        "<!--<script>",
        "]]>",
    ]
    return own + chosen


def test_hostile_words_in_every_field_are_shown_and_never_run(
    browser: Browser, shared_data: Path
) -> None:
    texts = hostile(shared_data)
    turn = iter(texts * 20)
    keys = [key for key, *_ in SHOP[:6]]
    from dataclasses import replace

    facts = shop(names={key: next(turn) for key in keys}, title=texts[0], persona=texts[1])
    stages = []
    for column in facts.stages:
        lanes = {
            lane: tuple(replace(e, text=next(turn), author=next(turn)) for e in entries)
            for lane, entries in column.lanes.items()
        }
        lanes[texts[6]] = lanes["goals"]
        spoken = tuple(
            replace(
                q,
                text=next(turn)[:600],
                short=next(turn)[:180],
                respondent=next(turn),
                channel=next(turn),
                coder=next(turn),
                language=next(turn),
            )
            for q in column.quotes
        )
        more = (
            tuple(replace(column.quotes[0], text=text, short=text, drawn=False) for text in texts)
            if (column.number == 1)
            else ()
        )
        panels = tuple(
            replace(p, name=next(turn), unit=next(turn), segment=next(turn)) for p in column.kpis
        )
        stages.append(replace(column, lanes=lanes, quotes=spoken + more, kpis=panels))
    facts = replace(
        facts,
        stages=tuple(stages),
        lanes=(*facts.lanes, texts[6]),
        scorer=texts[2],
        kpis=tuple(replace(p, name=next(turn), unit=next(turn)) for p in facts.kpis),
    )
    view = MapView(facts)
    body = (
        view.table()
        + CurveView(
            view.frame,
            names=dict(zip(keys, texts, strict=False)),
            title=texts[3],
            scorer=texts[4],
            estimate="automatic",
        ).html()
    )
    frame = view.frames["kpis"]
    body += KpiView(frame, stages=dict(zip(keys, texts, strict=False))).html()
    for html in (view.page(), f"<!doctype html><meta charset=utf-8><title>t</title>{body}"):
        with quiet_page(browser, html) as (page, _):
            if "cjmReady" in html:
                settled(page)
                page.locator("button.head-button").first.click()
                page.get_by_role("button", name="more quotes").click()
                whole(page, "map-hostile")
                # Control characters aside, what was said stands there letter by letter.
                text = " ".join(page.locator(".quotes").inner_text().split())
                for literal in texts[:40]:
                    assert " ".join(literal.split())[:60] in text, literal
            page.wait_for_timeout(150)
            planted = page.evaluate(
                """() => { const all = [];
                  const tags = 'IFRAME OBJECT EMBED IMG LINK BASE FORM INPUT'.split(' ');
                  const walk = (r) => { for (const e of r.querySelectorAll('*')) {
                    if (e.closest('[data-lanes]') && e.tagName === 'INPUT') continue;
                    if (e.type === 'radio' && /^cjm-[0-9a-f]{32}$/.test(e.name)) continue;
                    const runs = [...e.attributes].some(a => a.name.startsWith('on'));
                    if (runs || tags.includes(e.tagName)) all.push(e.outerHTML.slice(0, 80));
                    if (e.shadowRoot) walk(e.shadowRoot) } };
                  walk(document); return all }"""
            )
            assert planted == []


def test_a_standing_bokeh_layout_draws_and_selects_by_a_tap(browser: Browser) -> None:
    from bokeh.embed import file_html
    from bokeh.resources import INLINE

    html = file_html(MapView(shop(4)).layout(), INLINE, title="layout")
    with quiet_page(browser, html) as (page, _):
        page.wait_for_function("window.Bokeh && Bokeh.documents[0] && Bokeh.documents[0].is_idle")
        page.wait_for_timeout(300)
        box = page.locator(".bk-Plot").first.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] * 0.375, box["y"] + box["height"] / 2)
        page.wait_for_timeout(300)
        assert selected(page) == [1]
        whole(page, "layout")


def test_a_notebook_with_a_map_and_ten_curves_survives_nbconvert_offline(browser: Browser) -> None:
    import nbformat
    from nbconvert import HTMLExporter

    view = MapView(shop(many=1500))
    cells = []
    for shown_ in [
        view,
        *[CurveView(curve(), names={k: n for k, n, *_ in SHOP}) for _ in range(10)],
    ]:
        output = nbformat.v4.new_output("display_data", data=shown_._repr_mimebundle_())
        cells.append(nbformat.v4.new_code_cell("show", outputs=[output]))
    book = nbformat.v4.new_notebook(cells=cells)
    assert len(nbformat.writes(book).encode()) < 4_000_000
    html, _ = HTMLExporter().from_notebook_node(book)
    with quiet_page(browser, html) as (page, problems):
        frame = page.frames[1]
        frame.locator("button.head-button").nth(1).wait_for()
        frame.locator("button.head-button").nth(1).click()
        assert frame.locator(".detail:visible").count() == 1
        assert page.locator("svg.drawing:visible").count() == 10
        picture(page, "nbconvert")
        # nbconvert's own template asks for scripts from elsewhere; ours ask for nothing.
        foreign = [told for told in problems if told.startswith("request:")]
        assert all("cdnjs" in told or "unpkg" in told or "jsdelivr" in told for told in foreign)
        assert not any("cjm" in told.lower() for told in problems)
        problems.clear()


def test_without_scripts_the_facts_are_there_as_a_table(browser: Browser) -> None:
    html = MapView(shop()).page()
    with quiet_page(browser, html, java_script_enabled=False) as (page, _):
        assert page.locator("noscript table").count() >= 1 or "−0.61" in page.inner_text("body")
        whole(page, "map-no-script")


def test_the_height_given_to_the_frame_fits_the_page(browser: Browser) -> None:
    for count in (3, 6, 14):
        view = MapView(shop(count))
        with quiet_page(browser, view.page(), width=1000) as (page, _):
            settled(page)
            tall = page.evaluate("document.documentElement.scrollHeight")
            assert view.height() >= tall * 0.8
            assert view.height() <= tall * 1.25


def test_the_frame_takes_the_height_of_its_page_and_scrolls_what_is_asked_for_into_view(
    browser: Browser,
) -> None:
    html = MapView(shop())._repr_mimebundle_()["text/html"]
    # A notebook scrolls its outputs, not its window.
    notebook = f'<div id="notebook" style="height:600px;overflow:auto">{html}</div>'
    with quiet_page(browser, notebook, width=1000, height=640) as (page, _):
        frame = page.frames[1]
        frame.wait_for_function("window.cjmReady")
        fits = "(tall) => Math.abs(document.querySelector('iframe').offsetHeight - tall) < 2"
        told = "[document.body.offsetHeight, document.documentElement.scrollHeight, innerHeight]"
        page.wait_for_function(fits, arg=frame.evaluate("document.body.offsetHeight"))
        assert len(set(frame.evaluate(told))) == 1, "nothing scrolls inside the frame"
        frame.locator("[data-turn]").first.click()
        page.wait_for_function(fits, arg=frame.evaluate("document.body.offsetHeight"))
        frame.locator("[data-turn]").first.click()
        frame.locator("button[data-kpi]").first.click()
        page.wait_for_function("document.querySelector('#notebook').scrollTop > 300")
        page.wait_for_timeout(200)
        head = frame.locator(".panel-head").bounding_box()
        assert head is not None
        assert 0 <= head["y"] < 600, "what was asked for is seen"


def test_no_quotes_no_kpis_no_lanes_is_still_a_map(browser: Browser) -> None:
    facts = build(journey(2), curve(2), ideas=False)
    with quiet_page(browser, MapView(facts).page()) as (page, _):
        assert not troubles(measured(page))
        whole(page, "map-bare")


def test_all_quotes_of_a_stage_are_there_with_their_source(browser: Browser) -> None:
    frame = quotes().assign(predicted=True)
    with quiet_page(browser, MapView(shop(quotes=frame)).page()) as (page, _):
        settled(page)
        page.locator("button.head-button").nth(4).click()
        told = page.locator(".quotes > li:visible .from").all_inner_texts()
        assert len(told) == 3
        assert all("stage predicted" in text for text in told)
        assert any(
            "R-043" in text and "e-mail" in text and "+0.50 positive" in text for text in told
        )


def test_a_last_row_of_panels_leaves_no_empty_cell_and_a_wide_page_has_one_row(
    browser: Browser,
) -> None:
    facts = shop()
    panel = facts.kpis[0]
    seven = replace(facts, kpis=tuple(replace(panel, segment=f"s{i}") for i in range(7)))
    rows = """() => {
      const right = document.querySelector(".top-row").getBoundingClientRect().right
      const ends = {}
      for (const one of document.querySelectorAll(".top-row > .kpi")) {
        const box = one.getBoundingClientRect()
        ends[Math.round(box.top)] = Math.round(right - box.right)
      }
      return Object.values(ends)
    }"""
    for width, count in ((1280, 2), (1000, 2), (2400, 1)):
        with quiet_page(browser, MapView(seven).page(), width=width) as (page, _):
            settled(page)
            ends = page.evaluate(rows)
            assert len(ends) == count
            assert all(abs(end) <= 4 for end in ends), ends


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_name_of_the_curve_stands_where_other_lanes_names_stand(
    browser: Browser, language: str
) -> None:
    with quiet_page(browser, MapView(shop(), language=language).page()) as (page, _):
        settled(page)
        found = page.evaluate("""() => [...document.querySelectorAll("#map *, #map")]
          .flatMap(e => e.shadowRoot ? [...e.shadowRoot.querySelectorAll("*")] : [])
          .flatMap(e => e.shadowRoot ? [e, ...e.shadowRoot.querySelectorAll("*")] : [e])
          .filter(e => e.matches(".lane-name") && e.getRootNode().host.matches(".cell, .lane"))
          .filter(e => !e.getRootNode().host.matches(".line"))
          .map(e => {
            const [name, host] = [e, e.getRootNode().host].map(o => o.getBoundingClientRect())
            return [Math.round(name.top - host.top), Math.round(name.left - host.left),
                    !!e.closest(".scale")]
          })""")
        names = {(top, left) for top, left, _ in found}
        assert any(scale for _, _, scale in found)
        assert max(top for top, _ in names) - min(top for top, _ in names) <= 2, found
        assert {left for _, left in names} == {0}
