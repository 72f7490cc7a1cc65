"""Suggestions in the coding widget on a real study: shown apart, taken, put right, refused."""

from __future__ import annotations

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

LATE = "The delivery was late and the parcel was broken. I like blue. "
TEXTS = [
    LATE + "I paid twice at the checkout and the payment failed.",
    "Nothing to say here.",
    "The checkout refused my card. I would recommend the shop to friends.",
]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Any]:
    with cjm.Study(tmp_path / "shop.cjm", journey="six") as study:
        study.add(
            pd.DataFrame({"id": [f"{n}" for n in range(len(TEXTS))], "comment": TEXTS}),
            name="shop",
        )
        yield study


def mounted(open_coder: Open, study: Any, **options: Any) -> Any:
    coder = open_coder(Study([]), mount=False, **options.pop("page", {}))
    coder.mount(desk=study.coder("ana")._desk, **options)
    coder.ready()
    return coder


def hinted(coder: Any) -> list[str]:
    """The words that bear a suggestion, as drawn."""
    coder.find(".strip .what").wait_for()
    words: list[str] = coder.page.evaluate(
        "[...document.querySelectorAll('.cjm-coder .w.guessed')].map(e => e.textContent)"
    )
    return words


def waited(coder: Any, n: int) -> None:
    coder.page.wait_for_function(
        "n => document.querySelectorAll('.cjm-coder .guess').length === n", arg=n, timeout=5_000
    )


def test_suggestions_are_shown_apart_from_codings_and_never_counted(
    open_coder: Open, shop: Any
) -> None:
    coder = mounted(open_coder, shop)
    waited(coder, 2)
    assert "".join(hinted(coder)).startswith("The delivery was late")
    assert coder.labels == []
    assert coder.find(".saying").count() == 0
    assert coder.find(".howfar").inner_text().strip() == "0 / 3"
    assert [em for em in coder.find(".stage em").all_inner_texts() if em != "0"] == []
    strip = coder.find(".strip").inner_text()
    assert "Suggested" in strip
    assert "“delivery”" in strip
    assert "journey’s words" in strip
    assert "Suggested:" in coder.find("[role=log]").inner_text() or strip
    assert len(shop.codings()) == 0


def test_one_key_takes_a_suggestion_and_goes_to_the_next(open_coder: Open, shop: Any) -> None:
    coder = mounted(open_coder, shop)
    waited(coder, 2)
    coder.press("x")
    coder.find(".saying").wait_for()
    coder.press("x")
    assert coder.chosen.startswith("I paid twice")
    coder.press("x")
    coder.settled()
    rows = shop.codings("ana")
    assert rows["origin"].tolist() == ["suggestion", "suggestion"]
    assert rows["passage"].tolist()[1].startswith("I paid twice")
    waited(coder, 0)
    assert "No suggestions" in coder.find(".strip").inner_text()
    coder.press("Control+z")
    coder.settled()
    assert len(shop.codings("ana")) == 1
    waited(coder, 1)


def test_a_number_puts_a_suggestion_right_and_what_was_proposed_is_kept(
    open_coder: Open, shop: Any
) -> None:
    coder = mounted(open_coder, shop)
    waited(coder, 2)
    coder.press("1")
    coder.settled()
    row = shop.codings("ana").iloc[0]
    stages = [stage.key for stage in shop.journey]
    assert (row["stage"], row["origin"]) == (stages[0], "suggestion")
    (kept,) = shop._store.documents("accepted").values()
    assert kept["stage"] not in (None, stages[0])


def test_words_without_a_suggestion_are_coded_by_the_coder_alone(
    open_coder: Open, shop: Any
) -> None:
    coder = mounted(open_coder, shop)
    waited(coder, 2)
    coder.press("ArrowDown", "2")
    coder.settled()
    assert shop.codings("ana")["origin"].tolist() == ["human"]
    waited(coder, 2)


def test_a_refused_suggestion_stays_away_until_the_refusal_is_undone(
    open_coder: Open, shop: Any
) -> None:
    coder = mounted(open_coder, shop)
    waited(coder, 2)
    coder.press("Delete")
    waited(coder, 1)
    coder.settled()
    assert len(shop._store.documents("refusal")) == 1
    coder.page.wait_for_timeout(900)  # asked again meanwhile
    waited(coder, 1)
    coder.press("j", "k")
    waited(coder, 1)
    coder.press("Control+z")
    coder.settled()
    waited(coder, 2)
    assert "refusal of a suggestion" in coder.find("[role=log]").inner_text()
    coder.press("Control+Shift+Z")
    coder.settled()
    waited(coder, 1)


def test_by_mouse_a_chip_chooses_the_words_and_buttons_decide(open_coder: Open, shop: Any) -> None:
    coder = mounted(open_coder, shop)
    waited(coder, 2)
    coder.find(".guess").nth(1).click()
    assert coder.chosen.startswith("I paid twice")
    coder.find(".strip button", has_text="take").click()
    coder.settled()
    assert len(shop.codings("ana")) == 1
    coder.find(".guess").first.click()
    coder.find(".strip button", has_text="refuse").click()
    waited(coder, 0)
    coder.settled()
    assert len(shop._store.documents("refusal")) == 1


def test_nothing_moves_when_suggestions_come(open_coder: Open, shop: Any) -> None:
    shop.add_codings(
        pd.DataFrame({"id": ["0"], "passage": ["I like blue."], "stage": ["retention"]}),
        coder="ana",
    )
    coder = open_coder(Study([]), mount=False)
    coder.page.evaluate("cjm.hold = 'suggest'")
    coder.mount(desk=shop.coder("ana")._desk)
    coder.find(".saying").wait_for()
    places = """[...document.querySelectorAll('.words p, .saying, .strip, .block')].map(e => {
      const r = e.getBoundingClientRect();
      return [r.x, r.y, r.width, r.height].map(Math.round); })"""
    before = coder.page.evaluate(places)
    coder.page.wait_for_function("cjm.held.length > 0")
    coder.page.evaluate("cjm.release()")
    waited(coder, 2)
    assert coder.page.evaluate(places) == before


def test_off_stays_off_for_the_coder(open_coder: Open, shop: Any) -> None:
    coder = mounted(open_coder, shop)
    waited(coder, 2)
    coder.find("button[aria-label=Suggestions]").click()
    assert coder.find(".strip").count() == 0
    waited(coder, 0)
    coder.press("1")
    coder.settled()
    assert shop.codings("ana")["origin"].tolist() == ["human"]
    coder.page.wait_for_timeout(600)
    again = mounted(open_coder, shop)
    again.page.wait_for_timeout(400)
    assert again.find(".strip").count() == 0
    assert again.find("button[aria-label=Suggestions]").get_attribute("aria-pressed") == "false"


def test_what_suggestions_are_worth_is_shown(open_coder: Open, tmp_path: Path) -> None:
    samples = cjm.sample_data()
    with cjm.Study(tmp_path / "worth.cjm", journey="six") as study:
        study.add(samples / "comments.csv")
        study.set_codebook(pd.read_csv(samples / "codebook.csv"))
        study.add_codings(samples / "codings.csv")
        desk = study.coder("zoe", blind=False)._desk
        advisor = desk._suggester
        advisor.model()
        advisor.worth()
        advisor._judging.join(20)
        coder = open_coder(Study([]), mount=False)
        coder.mount(desk=desk)
        coder.ready()
        worth = coder.find(".strip .worth")
        worth.get_by_text("right in").wait_for()
        assert "%" in worth.inner_text()


@pytest.mark.parametrize(
    ("name", "page", "language"),
    [
        ("coder-suggestions", {}, "en"),
        ("coder-suggestions-dark-fr", {"dark": True}, "fr"),
        ("coder-suggestions-600", {"width": 640}, "fr"),
    ],
)
def test_suggestions_are_accessible(
    open_coder: Open, shop: Any, name: str, page: dict[str, Any], language: str
) -> None:
    coder = mounted(open_coder, shop, page=page, language=language)
    waited(coder, 2)
    coder.press("x")
    coder.find(".saying").wait_for()
    coder.press("x")
    coder.settled()
    picture(coder.root.first, name)
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd js && npm install")
    found = axe(coder.page)
    assert found["violations"] == []
    assert found["contrasts"] > 20


def test_in_a_long_text_suggestions_follow_what_is_seen_and_x_looks_further(
    open_coder: Open, tmp_path: Path
) -> None:
    quiet = [f"Line {n} says this and that." for n in range(420)]
    quiet[250] = "The delivery was late."
    quiet[400] = "I paid twice at the checkout and the payment failed."
    with cjm.Study(tmp_path / "long.cjm", journey="six") as study:
        study.add(pd.DataFrame({"id": ["1"], "comment": ["\n".join(quiet)]}), name="long")
        coder = mounted(open_coder, study)
        strip = coder.find(".strip .what")
        strip.get_by_text("No suggestions in what was looked through").wait_for()
        coder.press("x")
        coder.find(".strip", has_text="delivery").wait_for()
        assert coder.chosen == "The delivery was late."
        asked = coder.page.evaluate("cjm.sent.filter(m => m.do === 'suggest').length")
        assert asked <= 4  # a hundred sentences at once, each of them once
        coder.find(".scroll").evaluate("pane => pane.scrollTo(0, pane.scrollHeight)")
        coder.find(".guess", has_text="Purchase").wait_for()
        expect(strip).to_contain_text("delivery")  # of what is selected, far above
        coder.press("ArrowDown", "x")
        coder.find(".strip", has_text="checkout").wait_for()
        assert coder.chosen.startswith("I paid twice")
        coder.press("x")
        coder.settled()
        assert study.codings("ana")["origin"].tolist() == ["suggestion"]
