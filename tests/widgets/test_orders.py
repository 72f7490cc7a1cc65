"""In which order texts come: chosen in the queue's header, kept, and said what it is good for."""

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


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Any]:
    with cjm.Study(tmp_path / "shop.cjm", journey="six") as study:
        texts = [f"The delivery of parcel {n} was late." for n in range(80)]
        study.add(pd.DataFrame({"id": [f"{n}" for n in range(80)], "comment": texts}), name="shop")
        yield study


def mounted(open_coder: Open, desk: Any, **options: Any) -> Any:
    coder = open_coder(Study([]), mount=False, **options.pop("page", {}))
    coder.mount(desk=desk, **options)
    coder.ready()
    return coder


def queue(coder: Any) -> list[str]:
    return [line.strip() for line in coder.find(".item .who").all_inner_texts()]


def choose(coder: Any, order: str) -> None:
    before = queue(coder)
    coder.find(".ordering select").select_option(order)
    coder.page.wait_for_function(
        """before => {
          const now = [...document.querySelectorAll('.cjm-coder .item .who')];
          return now.length && now.map(e => e.textContent.trim()).join() !== before.join(); }""",
        arg=before,
    )


def test_texts_come_in_the_order_chosen_and_walking_follows_it(open_coder: Open, shop: Any) -> None:
    coder = mounted(open_coder, shop.coder("ana")._desk)
    assert queue(coder)[:3] == ["0", "1", "2"]
    assert "cannot calibrate" in coder.find(".ordering p").inner_text()
    choose(coder, "random")
    drawn = queue(coder)
    assert len(drawn) == 30
    assert drawn != sorted(drawn, key=int)
    assert "can calibrate" in coder.find(".ordering p").inner_text()
    coder.find(".item").first.click()
    coder.find("h3", has_text=drawn[0]).wait_for()
    coder.desk.focus()
    for title in drawn[1:4]:
        coder.press("j")
        coder.page.wait_for_function(
            "t => document.querySelector('.cjm-coder h3').textContent === t", arg=title
        )
    coder.press("1")
    coder.settled()
    assert shop.codings("ana")["origin"].tolist() in (["human"], ["suggestion"])
    (sampled,) = sampled_of(shop)
    assert sampled == ("random", 1 / 80)
    coder.press("n")
    coder.page.wait_for_function(
        "t => document.querySelector('.cjm-coder h3').textContent === t", arg=drawn[4]
    )


def sampled_of(study: Any) -> list[tuple[str | None, float | None]]:
    from cjm_widgets.store.desks import learning

    return [(by, p) for _, _, by, p, _ in learning.sampled(study._store.base)]


def test_the_order_and_the_place_in_it_are_there_again_after_a_restart(
    open_coder: Open, shop: Any
) -> None:
    coder = mounted(open_coder, shop.coder("ana")._desk)
    choose(coder, "random")
    coder.find(".pager .last").click()
    coder.page.wait_for_timeout(100)
    second = queue(coder)
    coder.find(".item").nth(4).click()
    coder.find("h3", has_text=second[4]).wait_for()
    coder.page.wait_for_timeout(900)
    again = mounted(open_coder, shop.coder("ana")._desk)
    assert again.find(".ordering select").input_value() == "random"
    assert again.find("h3").inner_text() == second[4]
    again.desk.focus()
    again.press("j")
    again.page.wait_for_function(
        "t => document.querySelector('.cjm-coder h3').textContent === t", arg=second[5]
    )


def test_who_codes_blind_is_not_offered_disagreements(open_coder: Open, shop: Any) -> None:
    blind = mounted(open_coder, shop.coder("ana")._desk)
    options = blind.find(".ordering option").all_inner_texts()
    assert options == ["In order", "At random", "Stratified sample", "Most doubtful first"]
    seeing = mounted(open_coder, shop.coder("zoe", blind=False)._desk)
    assert "Disagreements first" in seeing.find(".ordering option").all_inner_texts()


def test_a_sample_shows_its_own_progress_and_order(open_coder: Open, shop: Any) -> None:
    draw = shop.sample(12, by=None)
    coder = mounted(open_coder, shop.coder("ana", sample=draw)._desk)
    assert coder.find(".ordering select").count() == 0
    assert "0 of 12 texts" in coder.find(".ordering").inner_text()
    assert coder.find(".item").count() == 12
    titles = queue(coder)
    coder.press("1")
    coder.settled()
    assert "1 of 12 texts" in coder.find(".ordering").inner_text()
    coder.press("n")
    coder.page.wait_for_function(
        "t => document.querySelector('.cjm-coder h3').textContent === t", arg=titles[1]
    )
    coder.press("2")
    coder.settled()
    assert {by for by, _ in sampled_of(shop)} == {draw.uid}


@pytest.mark.parametrize(
    ("name", "page", "language"),
    [("coder-order", {}, "en"), ("coder-order-dark-fr", {"dark": True}, "fr")],
)
def test_the_chooser_is_accessible(
    open_coder: Open, shop: Any, name: str, page: dict[str, Any], language: str
) -> None:
    coder = mounted(open_coder, shop.coder("ana")._desk, page=page, language=language)
    choose(coder, "random")
    picture(coder.root.first, name)
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd js && npm install")
    assert axe(coder.page)["violations"] == []
