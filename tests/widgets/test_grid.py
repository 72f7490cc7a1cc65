"""Coding in tables, in the browser: the list of all passages, and short texts in a grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from ipywidgets import DOMWidget
from playwright.sync_api import expect

from browser import AXE, axe, picture, quiet_page
from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.study import Study

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from stand import Stand

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="alert(1)"> =cmd'
N = 300


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    with Study(tmp_path / "survey.cjm", journey=["Search", "Buy", "Use"], name="Survey") as made:
        made.set_codebook(
            Codebook((Code("fees", "hidden fees", "pain"), Code("joy", "joy", "emotion")))
        )
        texts = [f"Answer {at} 👍🏽 about refunds." for at in range(N)]
        texts[1] = f"Nobody answered. {HOSTILE}"
        frame = pd.DataFrame(
            {
                "id": [f"A-{at:03}" for at in range(N)],
                "comment": texts,
                "channel": ["survey", "e-mail"] * (N // 2),
                "plan": ["basic", "plus", "pro"] * (N // 3),
            }
        )
        made.add(frame, name="survey")
        yield made


@pytest.fixture
def coded(study: Study) -> Study:
    rows = [(f"A-{at:03}", ["Search", "Buy", "Use"][at % 3], at % 5 - 2) for at in range(N)]
    frame = pd.DataFrame(rows, columns=["id", "stage", "valence"])
    study.add_codings(frame.iloc[: N // 2], coder="ana")
    study.add_codings(frame.iloc[N // 2 :], coder="ben")
    return study


@pytest.fixture
def stand(browser: Browser) -> Iterator[Callable[..., Stand]]:
    from stand import Stand, page_of

    with ExitStack() as stack:

        def make(widget: Any, *, width: int = 1220, dark: bool = False) -> Stand:
            page, troubles = stack.enter_context(
                quiet_page(browser, page_of("table", dark), width=width)
            )
            made = Stand(page, troubles)
            made.mount(widget, kind=widget.kind)
            made.find("tr[data-key]").first.wait_for()
            made.find("[data-desk]").focus()
            return made

        yield make


def test_many_passages_are_chosen_by_keys_and_recoded_in_one_action(
    coded: Study, stand: Callable[..., Stand]
) -> None:
    table = stand(coded.recoder("zoe"))
    expect(table.find(".tb-count")).to_have_text("300 passages")
    table.press(" ", "Shift+ArrowDown", "Shift+ArrowDown")
    expect(table.find(".tb-count")).to_have_text("3 chosen")
    table.press("2")
    for at in range(3):
        expect(table.find("tr[data-key]").nth(at).locator(".tb-stage")).to_contain_text("Buy")
    table.press("/")
    table.page.keyboard.type("hidden")
    table.press("Enter")
    table.saved()
    found = coded.codings().head(4)
    assert found["stage"].tolist() == ["Buy", "Buy", "Buy", "Search"]
    assert found["codes"].tolist() == ["fees"] * 3 + [""]
    table.press("Control+z")
    expect(table.find("tr[data-key]").first).not_to_contain_text("hidden fees")
    table.saved()
    table.press("Control+z")
    expect(table.find("tr[data-key]").first.locator(".tb-stage")).to_contain_text("Search")
    assert coded.codings().head(3)["stage"].tolist() == ["Search", "Buy", "Use"]


def test_it_is_sorted_by_a_column_and_filtered_and_all_that_fit_are_chosen(
    coded: Study, stand: Callable[..., Stand]
) -> None:
    table = stand(coded.recoder("zoe"))
    table.find("th button", has_text="Valence").click()
    expect(table.find(".valence").first).to_have_text("−2")
    table.find("th button", has_text="Valence").click()
    expect(table.find(".valence").first).to_have_text("+2")
    expect(table.find("th[aria-sort=descending]")).to_have_count(1)
    table.find("[aria-label='Any coder']").select_option("ben")
    expect(table.find(".tb-count")).to_have_text("150 passages")
    table.find("[data-find]").fill("nobody")
    expect(table.find("tr[data-key]")).to_have_count(0)
    table.find("[aria-label='Any coder']").select_option("")
    expect(table.find("tr[data-key]")).to_have_count(1)
    expect(table.find(".tb-words")).to_contain_text(HOSTILE)
    table.find("[data-find]").fill("")
    expect(table.find(".tb-count")).to_have_text("300 passages")
    table.find("[data-desk]").focus()
    table.press("Control+a")
    expect(table.find(".tb-count")).to_have_text("300 chosen")
    table.press("+")
    table.saved()
    assert set(coded.codings()["valence"]) == {1.0}  # a step up from the first row's
    coded.undo("zoe")
    assert coded.codings()["valence"].nunique() == 5


def test_rows_come_and_go_while_it_scrolls(coded: Study, stand: Callable[..., Stand]) -> None:
    table = stand(coded.recoder("zoe"))
    box = table.find(".tb-box")
    for _ in range(40):
        box.evaluate("e => e.scrollTo(0, e.scrollHeight)")
        table.page.wait_for_timeout(40)
        if table.find("tr[data-key]", has_text="Answer 299 ").count():
            break
    expect(table.find("tr[data-key]", has_text="Answer 299 ")).to_have_count(1)
    assert table.find("tr[data-key]").count() <= 240
    for _ in range(40):
        box.evaluate("e => e.scrollTo(0, 0)")
        table.page.wait_for_timeout(40)
        if table.find("tr[data-key]", has_text="Answer 0 ").count():
            break
    expect(table.find("tr[data-key]", has_text="Answer 0 ")).to_have_count(1)


def test_a_query_chooses_what_the_list_shows(coded: Study, stand: Callable[..., Stand]) -> None:
    table = stand(coded.recoder("zoe", "stage:Use valence>0"))
    n = len(coded.passages("stage:Use valence>0"))
    expect(table.find(".tb-count")).to_have_text(f"{n} passages")


def test_answers_are_coded_in_the_grid_by_keyboard(
    study: Study, stand: Callable[..., Stand]
) -> None:
    grid = stand(study.grid("ana"))
    expect(grid.find("thead")).to_contain_text("plan")
    grid.press("2", "-", "-")
    grid.press("ArrowDown", "3", "+")
    grid.press("/")
    grid.page.keyboard.type("joy")
    grid.press("Enter")
    expect(grid.find("tr[data-key]").nth(1)).to_contain_text("joy")
    grid.saved()
    found = study.codings("ana")
    assert found[["stage", "valence", "codes"]].to_numpy().tolist() == [
        ["Buy", -1.0, ""],
        ["Use", 0.5, "joy"],
    ]
    assert found["passage"].tolist() == [
        "Answer 0 👍🏽 about refunds.",
        f"Nobody answered. {HOSTILE}",
    ]
    grid.press("Control+z")
    expect(grid.find("tr[data-key]").nth(1)).not_to_contain_text("joy")
    grid.saved()
    grid.press("Delete")
    expect(grid.find("tr[data-key]").nth(1).locator(".tb-stage")).to_have_count(0)
    grid.saved()
    assert len(study.codings("ana")) == 1


def test_columns_are_hidden_and_the_queue_is_chosen(
    study: Study, stand: Callable[..., Stand]
) -> None:
    grid = stand(study.grid("ana"))
    grid.find("summary", has_text="Columns").click()
    grid.find(".popover label", has_text="plan").click()
    expect(grid.find("thead")).not_to_contain_text("plan")
    grid.find("[data-desk]").focus()
    grid.press("1")
    grid.saved()
    grid.find("[aria-label='Texts shown']").select_option("done")
    expect(grid.find("tr[data-key]")).to_have_count(1)


def test_a_row_is_coded_and_rows_are_filtered_by_mouse_alone(
    study: Study, stand: Callable[..., Stand]
) -> None:
    grid = stand(study.grid("ana"))
    row = grid.find("tr[data-key]").nth(2)
    row.locator(".tb-words").click()
    row.get_by_label("Stage…").select_option(label="3 Use")
    row.get_by_label("Valence…").select_option("-0.5")
    row.get_by_label("Code…").evaluate(
        # what the browser does when somebody takes an entry of its list
        "e => { e.value = 'joy'; e.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    expect(row.locator(".pill")).to_have_text("joy")
    grid.saved()
    found = study.codings("ana")[["stage", "valence", "codes"]]
    assert found.to_numpy().tolist() == [["Use", -0.5, "joy"]]
    row.locator(".pill").click()
    expect(row.locator(".pill")).to_have_count(0)
    grid.find("summary", has_text="Filters").click()
    grid.find("[aria-label='plan: any']").select_option("pro")
    expect(grid.find("tr[data-key]")).to_have_count(40)
    grid.find(".tb-filters [aria-label='Any stage']").select_option("Use")
    expect(grid.find("tr[data-key]")).to_have_count(1)
    grid.find(".tb-filters [aria-label='Any stage']").select_option("Buy")
    grid.find("td button", has_text="Show all").click()
    expect(grid.find("tr[data-key]")).to_have_count(40)
    expect(grid.find("summary", has_text="Filters")).to_have_text("Filters")


def test_codings_are_removed_in_bulk_and_brought_back(
    coded: Study, stand: Callable[..., Stand]
) -> None:
    table = stand(coded.recoder("zoe"))
    table.press(" ", "Shift+ArrowDown", "Delete")
    expect(table.find(".notice")).to_have_text("2 codings removed. Undo brings them back.")
    expect(table.find("tr[data-key]").first).to_contain_text("Answer 2 ")
    table.saved()
    assert len(coded.codings()) == N - 2
    table.press("Control+z")
    table.saved()
    assert len(coded.codings()) == N
    expect(table.find("tr[data-key]").first).to_contain_text("Answer 0 ")


def test_what_the_kernel_has_not_heard_is_kept_and_not_shown_as_saved(
    study: Study, stand: Callable[..., Stand]
) -> None:
    grid = stand(study.grid("ana"))
    grid.page.evaluate("cjm.hold = true")
    grid.press("1")
    expect(grid.find(".tb-stage").first).to_contain_text("Search")
    expect(grid.find(".state[data-state=saving]")).to_have_count(1)
    assert grid.page.evaluate("localStorage.length") == 1
    grid.page.evaluate("cjm.release()")
    grid.saved()
    assert grid.page.evaluate("localStorage.length") == 0


def test_the_browser_is_told_at_once_what_it_is_to_show(
    coded: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(DOMWidget, "open", lambda widget: told.append(widget.get_state()))
    coded.recoder("zoe")
    coded.grid("ana")
    coded.review(who="zoe", on="codes", coders=["ana", "ben"])
    assert [state.get("kind", state.get("on")) for state in told] == ["list", "grid", "codes"]


def test_keys_stay_in_the_tables(coded: Study, stand: Callable[..., Stand]) -> None:
    table = stand(coded.recoder("zoe"))
    table.page.evaluate(
        """() => { window.heard = [];
        document.addEventListener('keydown', e => {
          if (!e.target.hasAttribute('data-lm-suppress-shortcuts')) heard.push(e.key); }); }"""
    )
    table.press("d", "d", "a", "b", "x", "?", "Escape")
    assert table.page.evaluate("heard") == []


@pytest.mark.parametrize(
    ("name", "kind", "options", "language"),
    [
        ("list-light", "list", {}, "en"),
        ("list-900-fr", "list", {"width": 900}, "fr"),
        ("grid-light", "grid", {}, "en"),
        ("grid-dark-fr", "grid", {"dark": True, "width": 900}, "fr"),
    ],
)
def test_they_are_accessible_in_every_theme_language_and_width(
    coded: Study,
    stand: Callable[..., Stand],
    name: str,
    kind: str,
    options: dict[str, Any],
    language: str,
) -> None:
    coded._chosen_language = language
    widget = coded.recoder("zoe") if kind == "list" else coded.grid("ana")
    table = stand(widget, **options)
    table.press(*([" ", "Shift+ArrowDown"] if kind == "list" else ["ArrowDown"]))
    table.page.wait_for_timeout(200)
    picture(table.root.first, name)
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd js && npm install")
    found = axe(table.page)
    assert found["violations"] == []
    assert found["contrasts"] > 30
