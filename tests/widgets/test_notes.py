"""Memos in threads and links between passages, in the widget on a real study."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from standin import Study

import cjm_widgets as cjm
from browser import AXE, axe, picture

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
TEXTS = ["Blue sky. Green grass. <b>Hostile</b> words.", "Another person. Other words."]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Any]:
    with cjm.Study(tmp_path / "shop.cjm", journey="six") as study:
        rows = pd.DataFrame({"id": ["0", "1"], "comment": TEXTS, "respondent": ["Ada", "Bo"]})
        study.add(rows, name="shop", respondent="respondent")
        study.add_code("Weather", definition="What the sky does.")
        yield study


@pytest.fixture
def coder(open_coder: Open, shop: Any) -> Any:
    return mounted(open_coder, shop)


def mounted(open_coder: Open, study: Any, name: str = "ana", **options: Any) -> Any:
    coder = open_coder(Study([]), mount=False, **options.pop("page", {}))
    coder.mount(desk=study.coder(name)._desk, **options)
    coder.ready()
    return coder


def write(coder: Any, words: str) -> None:
    coder.page.keyboard.type(words)
    coder.press("Control+Enter")


def shown(coder: Any) -> list[str]:
    return [text.strip() for text in coder.find(".sheet .thread li > p").all_inner_texts()]


def test_a_thread_on_the_text_is_written_changed_and_removed(coder: Any, shop: Any) -> None:
    coder.press("Shift+M")
    coder.find(".sheet", has_text="Memos").wait_for()
    write(coder, "Is this the same person?")
    assert shown(coder) == ["Is this the same person?"]
    write(coder, "<i>No</i>")
    assert shown(coder) == ["Is this the same person?", "<i>No</i>"]
    coder.settled()
    assert shop.memos()["text"].tolist() == ["Is this the same person?", "<i>No</i>"]
    coder.find(".sheet button[aria-label='Change the memo']").first.click()
    coder.press("Control+a")
    write(coder, "Same person?")
    coder.find(".sheet button[aria-label='Remove the memo']").nth(1).click()
    coder.settled()
    assert shown(coder) == ["Same person?"]
    assert shop.memos()["text"].tolist() == ["Same person?"]
    coder.press("Escape")
    coder.find(".tools button[aria-label='Memos (1)']").wait_for()
    coder.press("Control+z")
    coder.settled()
    assert "memo" in coder.find("[role=log]").inner_text()
    assert shop.memos()["text"].tolist() == ["Same person?", "<i>No</i>"]
    coder.find(".tools button[aria-label='Memos (2)']").wait_for()


def test_memos_on_codes_and_the_study_are_read_by_all_those_on_texts_are_not(
    open_coder: Open, coder: Any, shop: Any
) -> None:
    coder.press("Shift+M")
    for on, words in (("text/1", "mine"), ("study/", "for all"), ("code/weather", "sky only")):
        coder.find(".sheet select").select_option(on)
        coder.find(".sheet textarea").last.focus()
        write(coder, words)
    coder.settled()
    ben = mounted(open_coder, shop, "ben")
    ben.press("Shift+M")
    ben.find(".sheet", has_text="No memo yet").wait_for()
    ben.find(".sheet select").select_option("study/")
    ben.find(".sheet li", has_text="for all").wait_for()
    assert ben.find(".sheet li .acts").count() == 0, "only its author changes a memo"
    ben.press("Escape", "c")
    ben.find(".leaf", has_text="Weather").first.click()
    ben.find(".form summary", has_text="Memos").click()
    ben.find(".form .thread li", has_text="sky only").wait_for()
    field = ben.find(".form .thread textarea").last
    field.focus()
    write(ben, "and rain")
    ben.settled()
    assert shop.memos("Weather")["text"].tolist() == ["sky only", "and rain"]


def test_two_passages_are_linked_by_key_followed_and_unlinked(coder: Any, shop: Any) -> None:
    coder.press("1", "l")
    coder.find(".joining").wait_for()
    coder.press("j")
    coder.find("h3", has_text="Bo").wait_for()
    coder.press("2", "l")
    coder.settled()
    assert coder.find(".joining").count() == 0
    coder.find(".link .to", has_text="Blue sky").wait_for()
    coder.find(".saying .joint").wait_for()
    assert len(shop.links()) == 1
    coder.find(".link input").fill("the same parcel")
    coder.find(".link input").press("Enter")
    coder.settled()
    assert shop.links()["text"].tolist() == ["the same parcel"]
    coder.find(".link .to").focus()
    coder.press("Enter")
    coder.find("h3", has_text="Ada").wait_for()
    assert coder.chosen == "Blue sky."
    coder.find(".link .to", has_text="Another person").wait_for()
    coder.find("button[aria-label='Remove the link']").click()
    coder.page.wait_for_function("!document.querySelector('.cjm-coder .link')")
    coder.settled()
    assert len(shop.links()) == 0
    coder.desk.focus()
    coder.press("Control+z")
    coder.settled()
    assert "link" in coder.find("[role=log]").inner_text()
    coder.find(".link .to", has_text="Another person").wait_for()
    assert len(shop.links()) == 1


def test_by_mouse_a_link_is_begun_and_ended_by_buttons_or_let_go(coder: Any, shop: Any) -> None:
    coder.press("1", "ArrowDown", "2")
    coder.find(".present button[aria-label='Link to another passage']").click()
    assert coder.find(".joining button[aria-disabled]").count() == 1
    coder.find(".saying").first.click()
    coder.find(".joining button", has_text="Link to this").click()
    coder.settled()
    assert len(shop.links()) == 1
    coder.press("l")
    coder.find(".joining").wait_for()
    coder.press("Escape")
    coder.page.wait_for_function("!document.querySelector('.cjm-coder .joining')")
    assert len(shop.links()) == 1


@pytest.mark.parametrize(
    ("name", "page", "language"),
    [
        ("coder-memos", {}, "en"),
        ("coder-memos-dark-fr", {"dark": True}, "fr"),
        ("coder-memos-600", {"width": 640}, "fr"),
    ],
)
def test_memos_and_links_are_accessible(
    open_coder: Open, shop: Any, name: str, page: dict[str, Any], language: str
) -> None:
    coder = mounted(open_coder, shop, page=page, language=language)
    coder.press("1", "ArrowDown", "2", "l", "ArrowUp", "l")
    coder.settled()
    coder.find(".saying .joint").first.wait_for()
    coder.press("l")
    picture(coder.root.first, name.replace("memos", "links"))
    if AXE.exists():
        assert axe(coder.page)["violations"] == []
    coder.press("Escape", "Shift+M")
    write(coder, "Une question longue. " * 12)
    write(coder, "Une réponse.")
    coder.settled()
    picture(coder.root.first, name)
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd js && npm install")
    assert axe(coder.page)["violations"] == []
