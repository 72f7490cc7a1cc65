"""Searching by words, the coder's own stages and codes, and attributes: typed, clicked, undone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import expect
from standin import Study

import cjm_widgets as cjm
from browser import AXE, axe, picture

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Any]:
    words = ["The parcel was late", "The till was slow", "A lovely lamp", "Nobody answered"]
    table = pd.DataFrame(
        {
            "id": [f"{n}" for n in range(8)],
            "comment": [f"{words[n % 4]}." for n in range(8)],
            "channel": ["survey", "call"] * 4,
        }
    )
    with cjm.Study(tmp_path / "shop.cjm", journey="six") as study:
        study.add(table, name="shop")
        study.set_codebook(_codes())
        given = pd.DataFrame(
            {
                "id": ["0", "1", "4"],
                "stage": ["retention", "purchase", "purchase"],
                "codes": ["Late parcel", "Hidden fees", "Late parcel"],
            }
        )
        study.add_codings(given, coder="ana")
        yield study


def _codes() -> pd.DataFrame:
    return pd.DataFrame({"name": ["Late parcel", "Hidden fees", "Lamp talk"]})


def mounted(open_coder: Open, desk: Any, **options: Any) -> Any:
    coder = open_coder(Study([]), mount=False, **options.pop("page", {}))
    coder.mount(desk=desk, **options)
    coder.ready()
    return coder


def ids(coder: Any, *wanted: str) -> None:
    expect(coder.find(".item .who")).to_have_count(len(wanted))
    shown = [text.split(" ")[0] for text in coder.find(".item .who").all_inner_texts()]
    assert shown == list(wanted)


def test_a_stage_and_a_code_are_chosen_by_keys_shown_as_chips_and_taken_off_again(
    open_coder: Open, shop: Any
) -> None:
    coder = mounted(open_coder, shop.coder("ana")._desk)
    coder.press("f")
    coder.page.keyboard.type("lat")
    expect(coder.find("[role=option]")).to_have_text(["Code Late parcel"])
    coder.press("ArrowDown")
    field = coder.find("input[data-find=texts]")
    active = field.get_attribute("aria-activedescendant")
    assert coder.find(f"[id='{active}']").inner_text().endswith("Late parcel")
    if AXE.exists():
        assert axe(coder.page, ".cjm-coder")["violations"] == []
    coder.press("Enter")
    expect(coder.find(".term")).to_have_text(["Code Late parcel"])
    ids(coder, "0", "4")
    assert field.input_value() == ""
    coder.page.keyboard.type("stage:purchase ")  # written out it becomes a chip by itself
    expect(coder.find(".term")).to_have_text(["Code Late parcel", "Stage4 Purchase"])
    ids(coder, "4")
    coder.page.keyboard.type("lamp")
    expect(coder.find(".empty .pill")).to_have_count(1)  # the words are to blame
    expect(coder.find(".empty .pill")).to_have_text("Words “lamp”")
    coder.find(".empty .pill").click()
    ids(coder, "4")
    coder.press("f", "Home", "Backspace")
    assert coder.page.evaluate("document.activeElement.textContent") == "Stage4 Purchase"
    coder.press("Delete")
    ids(coder, "0", "4")
    coder.find(".term").click()
    ids(coder, *(str(n) for n in range(8)))
    assert coder.page.evaluate("document.activeElement.type") == "search"


def test_the_menu_chooses_by_mouse_and_the_chips_are_kept_for_the_next_time(
    open_coder: Open, shop: Any
) -> None:
    desk = shop.coder("ana")._desk
    coder = mounted(open_coder, desk, language="fr")
    coder.find(".filters button").first.click()
    menu = coder.find(".popover")
    menu.get_by_label("Mon étape").select_option(label="4 Action")
    ids(coder, "1", "4")
    menu.get_by_label("Canal").select_option("survey")
    ids(coder, "4")
    menu.get_by_label("Mon code").select_option(label="Hidden fees")
    expect(coder.find(".empty")).to_contain_text("Sans l’un de ces critères")
    expect(coder.find(".empty .pill")).to_have_text(["Code Hidden fees", "Canal survey"])
    coder.find(".empty .pill").first.click()
    ids(coder, "4")
    coder.page.wait_for_timeout(600)  # the bookmark is kept a little later
    again = mounted(open_coder, desk, language="fr", page={"dark": True, "width": 900})
    expect(again.find(".term")).to_have_text(["Étape4 Action", "Canal survey"])
    again.find(".filters button").first.click()
    picture(again.root, "coder_search_narrow_dark_fr")
    if AXE.exists():
        found = axe(again.page, ".cjm-coder")
        assert found["violations"] == []
        assert found["contrasts"] > 10


def test_it_is_said_what_nobody_is_called_and_what_is_to_do_has_no_stage(
    open_coder: Open, shop: Any
) -> None:
    coder = mounted(open_coder, shop.coder("ana")._desk)
    coder.press("f")
    coder.page.keyboard.type("code:zebra")
    coder.press("Enter")
    expect(coder.find(".empty")).to_contain_text("nothing is called “zebra”")
    coder.find(".empty .pill").click()
    coder.find("select[aria-label='Texts shown']").select_option("todo")
    coder.press("f")
    coder.page.keyboard.type("stage:purchase ")
    expect(coder.find(".empty .pill")).to_have_text(["Stage4 Purchase", "Texts shown To do"])
    coder.find(".empty .pill").last.click()
    ids(coder, "1", "4")


class _Indexing:
    """A desk whose search has not seen all texts the first few times."""

    def __init__(self, desk: Any, left: list[int]) -> None:
        self._desk, self._left = desk, left

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)

    def page(self, query: Any, **at: Any) -> Any:
        page = self._desk.page(query, **at)
        if not query.search or len(self._left) == 1:
            return page
        return dataclasses.replace(page, items=page.items[:1], unsearched=self._left.pop(0))


def test_a_search_that_has_not_seen_all_says_so_and_ends_by_itself(
    open_coder: Open, shop: Any
) -> None:
    coder = mounted(open_coder, _Indexing(shop.coder("ana")._desk, [1200, 800, 0]))
    coder.press("f")
    coder.page.keyboard.type("parcel")
    expect(coder.find(".unsearched")).to_have_text("Searching 1,200 more texts…")
    ids(coder, "0")
    expect(coder.find(".unsearched")).to_have_count(0)
    ids(coder, "0", "4")
