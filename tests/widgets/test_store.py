"""The widget on a real study on disk: what it says is saved is there after the page is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from standin import Study

from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.desk import Op
from cjm_widgets.model.journey import Journey
from cjm_widgets.store.desks.desk import StoreDesk
from cjm_widgets.store.store import Store
from cjm_widgets.text.sentences import sentences

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def chunk(n: int) -> pd.DataFrame:
    text = [f"Text {at} 👍🏽 begins.\r\nIt ends well." for at in range(n)]
    blank = pd.Series([None] * n, dtype="str")
    return pd.DataFrame(
        {
            "row": pd.Series(range(2, n + 2), dtype="int64"),
            "id": pd.Series([f"{at:03}" for at in range(n)], dtype="str"),
            "text": pd.Series(text, dtype="str"),
            "respondent": pd.Series([f"R-{at:03}" for at in range(n)], dtype="str"),
            "at": pd.Series([pd.NaT] * n, dtype="datetime64[us]"),
            "channel": pd.Series(["survey", "call"] * (n // 2), dtype="str"),
            "touchpoint": blank,
            "language": pd.Series(["en"] * n, dtype="str"),
            "stage": blank,
            "valence": pd.Series([None] * n, dtype="float64"),
        }
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "shop.cjm", name="Shop") as opened:
        opened.set_journey(Journey.of("Search", "Buy", "Use"), "ana")
        opened.set_codebook(Codebook((Code("fees", "hidden fees", "pain"),)), "ana")
        opened.add([chunk(64)], source="survey.csv")
        yield opened


def test_what_is_coded_in_the_widget_is_on_disk_and_comes_back(
    open_coder: Open, store: Store
) -> None:
    coder = open_coder(Study([]), mount=False)
    coder.mount(desk=StoreDesk(store, "ana", sentences=sentences))
    coder.ready()
    coder.press("1", "ArrowLeft", "ArrowDown", "2", "/")
    coder.page.keyboard.type("hidden")
    coder.press("Enter", "Escape", "j", "3", "ArrowDown", "1", "Delete", "Control+z")
    coder.press("Control+z", "Control+y")
    coder.settled()
    found = store.codings()
    assert list(zip(found["passage"], found["stage"], strict=True)) == [
        ("Text 0 👍🏽 begins.", "Search"),
        ("It ends well.", "Buy"),
        ("Text 1 👍🏽 begins.", "Use"),
        ("It ends well.", "Search"),
    ]
    assert found["valence"].tolist()[0] == -0.5
    assert found["codes"].tolist()[1] == "fees"
    coder.page.evaluate("cjm.unmount('a')")
    coder.mount("b", desk=StoreDesk(store, "ana", sentences=sentences))
    coder.ready()
    assert coder.find(".howfar").inner_text() == "2 / 64"
    coder.press("Control+z")  # known to the store only
    coder.settled()
    assert len(store.codings()) == 3
    coder.press("n")
    coder.find("h3", has_text="R-002").wait_for()
    coder.find("select[aria-label='Texts shown']").select_option("done")
    coder.page.wait_for_function("document.querySelectorAll('.item').length === 2")
    coder.find("select[aria-label='Texts shown']").select_option("all")
    coder.page.wait_for_function("document.querySelectorAll('.item').length === 30")
    coder.find(".pager .last").click()
    coder.find(".item", has_text="R-030").wait_for()


def test_two_coders_do_not_see_each_other_and_two_kernels_of_one_do(
    open_coder: Open, store: Store
) -> None:
    coder = open_coder(Study([]), mount=False)
    coder.mount("a", desk=StoreDesk(store, "ana", sentences=sentences))
    coder.ready()
    coder.press("1")
    coder.settled()
    other = open_coder(Study([]), mount=False)
    other.mount("a", desk=StoreDesk(store, "ben", sentences=sentences))
    other.ready()
    assert other.labels == []
    twin = open_coder(Study([]), mount=False)
    twin.mount("a", desk=StoreDesk(store, "ana", sentences=sentences))
    twin.ready()
    twin.find(".saying", has_text="Search").wait_for()
    twin.press("2")
    twin.settled()
    coder.press("3")  # builds on what is no longer there
    coder.find(".state[data-state=unsaved]").wait_for()
    coder.find(".saying", has_text="Buy").wait_for()
    assert store.codings()["stage"].tolist() == ["Buy"]


def test_a_file_that_is_moved_away_keeps_the_work_until_it_is_back(
    open_coder: Open, store: Store, tmp_path: Path
) -> None:
    coder = open_coder(Study([]), mount=False)
    coder.page.clock.install()
    coder.mount(desk=StoreDesk(store, "ana", sentences=sentences))
    coder.ready()
    path = store.path
    assert path is not None
    path.rename(tmp_path / "elsewhere.cjm")
    coder.press("1")
    coder.find(".state[data-state=unsaved]").wait_for()
    (tmp_path / "elsewhere.cjm").rename(path)
    coder.page.clock.fast_forward(20_000)
    coder.settled()
    assert store.codings()["stage"].tolist() == ["Search"]


def test_the_codebook_is_edited_on_disk_and_every_step_can_be_undone(
    open_coder: Open, store: Store
) -> None:
    coder = open_coder(Study([]), mount=False)
    coder.mount(desk=StoreDesk(store, "ana", sentences=sentences))
    coder.ready()
    coder.press("v")  # the words become a code
    coder.settled()
    key = store.codings()["codes"].tolist()[0]
    assert {code.key for code in store.codebook()} == {"fees", key}
    coder.press("c")
    coder.find(".leaf", has_text="Text 0").click()
    coder.find("[data-name]").fill("beginning")
    coder.press("Tab")
    coder.page.keyboard.type("Where it begins.")
    coder.press("Tab")
    coder.find(".leaf", has_text="beginning").focus()
    coder.press("Control+Shift+ArrowRight")
    coder.settled()
    made = store.codebook().code(key)
    assert (made.name, made.definition, made.parent) == ("beginning", "Where it begins.", "fees")
    coder.find("select[aria-label='Merge into…']").select_option("fees")
    coder.find(".merging button").click()
    coder.settled()
    assert store.codings()["codes"].tolist() == ["fees"]
    assert [code.key for code in store.codebook()] == ["fees"]
    coder.find(".leaf em", has_text="1").wait_for()
    for _ in range(2):
        coder.find(".book [aria-label=Undo]").click()
        coder.settled()
    assert store.codings()["codes"].tolist() == [key]
    assert store.codebook().code(key).parent is None
    edited = coder.find(".leaf", has_text="beginning")
    edited.click()
    coder.find(".form .danger").click()
    coder.settled()
    assert [code.key for code in store.codebook()] == ["fees"]
    coder.find(".retired summary").click()
    coder.find(".retired .leaf").click()
    coder.find("button", has_text="Offer it again").click()
    coder.settled()
    assert key in {code.key for code in store.codebook()}


def test_a_code_merged_by_another_coder_while_in_use_is_told_and_nothing_is_lost(
    open_coder: Open, store: Store
) -> None:
    codes = (Code("fees", "hidden fees", "pain"), Code("cost", "cost", "pain"))
    store.set_codebook(Codebook(codes), "ana")
    coder = open_coder(Study([]), mount=False)
    coder.mount(desk=StoreDesk(store, "ana", sentences=sentences))
    coder.ready()
    body = {"do": "merge", "code": "fees", "into": "cost"}
    assert StoreDesk(store, "ben").apply(Op("b1", "codebook", body=body)).ok
    coder.find(".branch", has_text="hidden fees").click()
    coder.find(".notice", has_text="merged into “cost”").wait_for()
    coder.settled()
    assert store.codings()["codes"].tolist() == ["cost"]
    coder.page.wait_for_function("document.querySelectorAll('.branch:not(.kind)').length === 1")


def test_ends_moved_by_keys_and_keys_of_ones_own_are_on_disk(
    open_coder: Open, store: Store
) -> None:
    coder = open_coder(Study([]), mount=False)
    coder.mount(desk=StoreDesk(store, "ana", sentences=sentences))
    coder.ready()
    coder.press("1", "Shift+ArrowLeft", "Shift+ArrowLeft", "2")
    coder.settled()
    assert store.codings()["passage"].tolist() == ["Text 0 👍🏽"]
    coder.press("?")
    coder.find("button", has_text="Change keys").click()
    coder.find(".key[aria-label^='Next text not yet coded']").click()
    coder.press("g", "Escape")
    coder.page.wait_for_timeout(600)
    coder.page.evaluate("cjm.unmount('a')")
    coder.mount("b", desk=StoreDesk(store, "ana", sentences=sentences))
    coder.ready()
    coder.press("g")
    coder.find("h3", has_text="R-001").wait_for()


def test_a_code_retired_long_ago_is_offered_again_from_the_editor(
    open_coder: Open, store: Store
) -> None:
    desk = StoreDesk(store, "ben", sentences=sentences)
    assert desk.apply(Op("r1", "codebook", body={"do": "retire", "code": "fees"})).ok
    assert desk.apply(Op("a1", "codebook", body={"do": "add", "name": "slip", "key": "slip"})).ok
    assert desk.apply(Op("u1", "undo")).ok
    coder = open_coder(Study([]), mount=False)
    coder.mount(desk=StoreDesk(store, "ana", sentences=sentences))
    coder.ready()
    coder.press("c")
    coder.find(".retired summary").click()
    assert coder.find(".retired .leaf").all_inner_texts() == ["hidden fees"]
    coder.find(".retired .leaf").click()
    coder.find("button", has_text="Offer it again").click()
    coder.settled()
    coder.find(".tree .leaf, [role=tree] .leaf", has_text="hidden fees").first.wait_for()
    assert coder.find(".retired").count() == 0
    assert [code.key for code in store.codebook()] == ["fees"]
