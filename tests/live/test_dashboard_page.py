"""The dashboard in Chromium, as a user sees and handles it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from playwright.sync_api import expect

import cjm_widgets as cjm
from browser import axe, picture

if TYPE_CHECKING:
    from board_host import BoardPage

pytestmark = pytest.mark.browser

DEEP = """(selector) => { const found = [];
  const go = root => { for (const e of root.querySelectorAll('*')) {
    if (e.matches(selector)) found.push(e); if (e.shadowRoot) go(e.shadowRoot); } };
  go(document.querySelector('.cjm-board')); return found; }"""


def mean_of(board: BoardPage, stage: str) -> str:
    return board.find("table.unseen tr", has_text=stage).locator("td").first.text_content() or ""


def mark_canvas(board: BoardPage) -> None:
    """Remember the very elements that stand there now."""
    board.page.evaluate(
        f"() => {{ const all = {DEEP}; window.kept = [...all('canvas'), ...all('.bk-Div')]; }}"
    )


def kept(board: BoardPage) -> bool:
    found: bool = board.page.evaluate(
        f"() => {{ const all = {DEEP};"
        " const now = new Set([...all('canvas'), ...all('.bk-Div')]);"
        " return window.kept.length > 20 && window.kept.every(e => now.has(e)); }"
    )
    return found


def in_sight(board: BoardPage, selector: str) -> bool:
    """Whether something stands whole within the coding widget's panel."""
    side = board.find(".cjm-coder .side").bounding_box()
    box = board.find(f".cjm-coder {selector}").bounding_box()
    assert side is not None
    assert box is not None, f"{selector} is not drawn"
    below = box["y"] + box["height"]
    return side["y"] <= box["y"] and below <= side["y"] + side["height"]


def test_a_coding_by_keyboard_moves_curve_and_map_and_redraws_nothing(
    shop: cjm.Study, open_board: Callable[..., BoardPage]
) -> None:
    board = open_board(shop)
    board.ready()
    mark_canvas(board)
    before = mean_of(board, "Advocacy")
    place = board.find("canvas").first.evaluate("c => c.toDataURL()")
    board.find("[data-desk]").first.focus()
    board.press("6", "ArrowLeft", "ArrowLeft")
    board.find(".cjm-coder .state[data-state=saved]").wait_for()
    board.until(lambda: mean_of(board, "Advocacy") != before)
    board.until(lambda: board.find("canvas").first.evaluate("c => c.toDataURL()") != place)
    assert kept(board), "the same canvas and the same cards"
    expect(board.head("Advocacy")).to_contain_text("12 texts")
    assert shop.codings("zoe")["stage"].tolist() == ["advocacy"]


def test_selecting_goes_both_ways_and_lists_the_passages(
    shop: cjm.Study, open_board: Callable[..., BoardPage]
) -> None:
    board = open_board(shop)
    board.ready()
    seen: list[object] = []
    board.widget.observe(lambda change: seen.append(change["new"]), "selected")
    board.head("Purchase").click()
    board.until(lambda: board.widget.selected == "purchase")
    expect(board.find(".behind h3")).to_have_text("4 Purchase")
    assert len(board.passages()) > 10
    expect(board.head("Purchase")).to_have_attribute("aria-pressed", "true")
    board.widget.selected = "discovery"
    expect(board.find(".behind h3")).to_have_text("1 Discovery")
    expect(board.head("Discovery")).to_have_attribute("aria-pressed", "true")
    expect(board.head("Purchase")).to_have_attribute("aria-pressed", "false")
    canvas = board.find("canvas").first
    box = canvas.bounding_box()
    assert box is not None
    board.page.mouse.click(box["x"] + box["width"] * 2.5 / 6, box["y"] + 60)
    board.until(lambda: board.widget.selected == "decision")
    board.find(".behind .close").click()
    board.until(lambda: board.widget.selected is None)
    expect(board.find(".behind")).to_have_count(0)
    assert seen == ["purchase", "discovery", "decision", None]


def test_from_a_chip_and_a_kpi_to_what_is_behind_and_on_to_the_text(
    shop: cjm.Study, open_board: Callable[..., BoardPage]
) -> None:
    board = open_board(shop)
    board.ready()
    board.find("button.bar").first.click()
    expect(board.find(".behind h3")).to_contain_text("·")
    row = board.find(".behind li").first
    expect(row).to_contain_text("coded by")
    row.get_by_role("button").click()
    words = row.locator("q").inner_text().strip("“”«»\u202f …")[:30]
    expect(board.find(".cjm-coder .words, .cjm-coder .sheet").first).to_contain_text(words)
    board.find(".panels button").first.click()
    expect(board.find(".behind h3")).to_contain_text("NPS")
    assert board.find(".behind table tr").count() > 2
    expect(board.find(".panels button").first).to_have_attribute("aria-pressed", "true")


def test_a_new_passage_joins_the_list_that_is_open(
    shop: cjm.Study, open_board: Callable[..., BoardPage]
) -> None:
    board = open_board(shop)
    board.ready()
    board.head("Advocacy").click()
    board.find(".behind q").first.wait_for()
    before = len(board.passages())
    board.find("[data-desk]").first.focus()
    board.press("6")
    board.until(lambda: len(board.passages()) > before)
    assert any("Why on earth must I open" in text for text in board.passages())


def test_lanes_are_hidden_named_and_moved_from_the_menu(
    shop: cjm.Study, open_board: Callable[..., BoardPage]
) -> None:
    board = open_board(shop)
    board.ready()
    mark_canvas(board)
    board.find(".lanes summary").click()
    name = board.page.get_by_label("Name of Pain points")
    name.fill("What hurts")
    name.press("Enter")
    board.find(".lane-name", has_text="What hurts").wait_for()
    board.page.get_by_label("Show What hurts").uncheck()
    expect(board.find(".lane-name", has_text="What hurts")).to_have_count(0)
    assert shop.lanes().set_index("lane").loc["pains", "hidden"]
    board.page.get_by_label("Show What hurts").check()
    board.find(".lane-name", has_text="What hurts").wait_for()
    above = [*shop.lanes()["lane"]]
    board.page.get_by_label("Move In their words up").click()
    board.until(lambda: [*shop.lanes()["lane"]] != above)
    assert board.page.evaluate(f"() => ({DEEP})('canvas')[0] === window.kept[0]")


def test_changes_from_elsewhere_show_by_themselves(
    shop: cjm.Study, open_board: Callable[..., BoardPage]
) -> None:
    board = open_board(shop)
    board.ready()
    shop.note("goals", "purchase", "Written in another cell")
    board.find(".cell-text", has_text="Written in another cell").wait_for()


def test_other_stages_draw_the_map_anew(
    shop: cjm.Study, open_board: Callable[..., BoardPage]
) -> None:
    board = open_board(shop)
    board.ready()
    board.head("Purchase").click()
    stages = [stage.key for stage in shop.journey]
    shop.set_journey(cjm.Journey.preset("four"))
    expect(board.find(".head-button")).not_to_have_count(len(stages))


def test_a_kernel_that_is_gone_is_told_and_the_figures_stay(
    shop: cjm.Study, open_board: Callable[..., BoardPage]
) -> None:
    board = open_board(shop)
    board.ready()
    board.page.evaluate("host.drop()")
    expect(board.find(".live")).to_contain_text("Not connected")
    expect(board.find("canvas").first).to_be_visible()
    expect(board.head("Purchase")).to_be_visible()
    board.head("Purchase").click()
    expect(board.head("Purchase")).to_have_attribute("aria-pressed", "true")


def test_an_empty_study_says_what_to_do(
    bare: cjm.Study, open_board: Callable[..., BoardPage]
) -> None:
    board = open_board(bare, width=900)
    board.ready()
    board.head("Purchase").click()
    expect(board.find(".told")).to_contain_text("Code one")
    picture(board.root, "dashboard-empty")


def test_hostile_words_are_words(
    tmp_path_factory: pytest.TempPathFactory, open_board: Callable[..., BoardPage]
) -> None:
    evil = '<img src=x onerror="alert(1)"><script>alert(2)</script>{{7*7}}'
    study = cjm.Study(tmp_path_factory.mktemp("evil") / "evil.cjm", name=evil)
    study.add(
        pd.DataFrame({"comment": [evil], "who": [evil], "channel": [evil]}),
        text="comment",
        respondent="who",
        channel="channel",
    )
    study.note("goals", "purchase", evil)
    study.lane("pains", title=evil[:50])
    study.add_kpis(pd.DataFrame({"kpi": [evil], "value": [3.0], "date": ["2026-01-01"]}))
    board = open_board(study, coder=evil[:40])
    board.ready()
    board.find("[data-desk]").first.focus()
    board.press("4", "ArrowLeft")
    board.head("Purchase").click()
    board.find(".behind q").first.wait_for()
    board.find(".panels button").first.click()
    board.page.wait_for_timeout(200)
    assert board.page.evaluate(f"() => ({DEEP})('img, script').length") == 0
    study.close()


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [(1500, False, "en"), (1100, True, "en"), (700, False, "fr"), (1500, True, "fr")],
)
def test_it_is_readable_and_fits(
    shop: cjm.Study,
    open_board: Callable[..., BoardPage],
    width: int,
    dark: bool,
    language: str,
) -> None:
    shop._chosen_language = language
    board = open_board(shop, width=width, dark=dark)
    board.ready()
    board.find(".head-button").nth(3).click()
    board.find(".behind q").first.wait_for()
    board.page.wait_for_timeout(300)
    found = axe(board.page, ".cjm-board")
    assert found["violations"] == []
    assert found["contrasts"] > 30
    for part in (".stages", ".valences", ".branch >> nth=3"):
        assert in_sight(board, part), f"{part} needs no opening and no scrolling"
    assert board.find(".panels .kpis").evaluate("e => e.scrollWidth <= e.clientWidth")
    wide: int = board.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, "the page itself does not scroll sideways"
    picture(board.page, f"dashboard-{width}-{'dark' if dark else 'light'}-{language}")


def test_keys_in_the_map_do_not_reach_the_notebook(
    shop: cjm.Study, open_board: Callable[..., BoardPage]
) -> None:
    board = open_board(shop)
    board.ready()
    board.page.evaluate(
        """window.leaked = []; window.addEventListener('keydown', e => {
          if (!e.target.closest('[data-lm-suppress-shortcuts]')) leaked.push(e.key); })"""
    )
    spots = (".head-button", ".panels button", ".lanes summary", ".picture", "button.chip")
    for spot in spots:
        board.find(spot).first.focus()
        board.press("d", "d", "a", "x", "Control+s")
    assert board.page.evaluate("leaked") == ["Control", "s"] * len(spots)
