"""Settling differences in the browser: as a reviewer does it, on a real study."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from playwright.sync_api import expect

from browser import AXE, axe, picture, quiet_page
from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.study import Study

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from stand import Stand

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="alert(1)"> {{7*7}} =cmd'
TEXTS = [
    "The checkout failed twice 👍🏽. Then the delivery was quick and the driver kind.",
    "I compared three shops before I ordered.",
    f"Nobody answered. {HOSTILE}",
]


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    with Study(tmp_path / "team.cjm", journey=["Search", "Buy", "Use"], name="Team") as made:
        made.set_codebook(
            Codebook((Code("fees", "hidden fees", "pain"), Code("evil", HOSTILE, "pain")))
        )
        made.add(pd.DataFrame({"id": ["a", "b", "c"], "comment": TEXTS}), name="shop")
        rows = [
            ("a", "ana", "The checkout failed twice 👍🏽.", "Buy", -2, "fees"),
            ("a", "ben", "The checkout failed twice", "Use", -1, None),
            ("a", "ana", "Then the delivery was quick and the driver kind.", "Use", 2, None),
            ("a", "ben", "delivery was quick and the driver kind", "Use", 2, None),
            ("b", "ana", TEXTS[1], "Search", 0, None),
            ("b", "ben", TEXTS[1], "Buy", 0, None),
            ("c", "ana", "Nobody answered.", "Use", -2, "evil"),
            ("c", "ben", "Nobody answered.", "Use", -2, None),
        ]
        names = ["id", "coder", "passage", "stage", "valence", "codes"]
        made.add_codings(pd.DataFrame(rows, columns=names), coder="coder")
        yield made


@pytest.fixture
def open_review(browser: Browser) -> Iterator[Callable[..., Stand]]:
    from stand import Stand, page_of

    with ExitStack() as stack:

        def make(
            study: Study,
            *,
            width: int = 1220,
            height: int = 860,
            dark: bool = False,
            **options: Any,
        ) -> Stand:
            page, troubles = stack.enter_context(
                quiet_page(browser, page_of("review", dark), width=width, height=height)
            )
            stand = Stand(page, troubles)
            widget = study.review(who="zoe", **options)
            stand.mount(widget, on=widget.on)
            stand.find("[data-desk]").first.wait_for()
            stand.find(".rv-item").first.wait_for()
            stand.find(".rv-side").first.wait_for()
            stand.find("[data-desk]").focus()
            return stand

        yield make


def test_one_coders_answer_is_taken_by_its_number_and_becomes_the_consensus(
    study: Study, open_review: Callable[..., Stand]
) -> None:
    review = open_review(study)
    expect(review.find(".rv-item")).to_have_count(2)
    expect(review.find("mark.now")).to_have_text("The checkout failed twice 👍🏽.")
    review.press("2")
    expect(review.find(".rv-state")).to_have_text("Settled by zoe")
    review.saved()
    assert review.told == "Settled: ben’s answer"
    made = study.settled()
    assert made[["passage", "stage", "how", "chosen", "settled_by"]].to_numpy().tolist() == [
        ["The checkout failed twice", "Use", "coder", "ben", "zoe"]
    ]
    assert len(made["from"][0].split("; ")) == 2
    review.press("ArrowDown")
    expect(review.find("mark.now")).to_have_text(TEXTS[1])
    review.press("1")
    expect(review.find(".howfar")).to_contain_text("2 / 2")
    assert set(study.settled()["stage"]) == {"Use", "Search"}


def test_an_own_answer_takes_what_is_right_of_each(
    study: Study, open_review: Callable[..., Stand]
) -> None:
    review = open_review(study)
    review.press("e")
    expect(review.find("[data-field=stage]")).to_be_focused()
    review.find("[data-field=stage]").select_option(label="3 Use")
    review.find(".rv-form .valences button", has_text="0").focus()
    review.find(".rv-form [aria-label='−1 bad']").click()
    review.find("[data-field=codes]").fill("hidden f")
    review.press("Enter")
    review.find(".rv-form textarea").fill(f"It is about using. {HOSTILE}")
    review.press("Control+Enter")
    expect(review.find(".rv-state")).to_have_text("Settled by zoe")
    review.saved()
    row = study.settled().iloc[0]
    assert (row["stage"], row["valence"], row["codes"], row["how"]) == ("Use", -0.5, "fees", "own")
    assert row["memo"].endswith(HOSTILE)
    expect(review.find(".rv-side.own .rv-memo")).to_have_text(f"It is about using. {HOSTILE}")


def test_it_is_undone_and_done_again_as_one_action_by_the_reviewer(
    study: Study, open_review: Callable[..., Stand]
) -> None:
    before = study.curve(estimate="coded").frame["mean"].tolist()
    review = open_review(study)
    review.press("1")
    expect(review.find(".rv-state")).to_have_text("Settled by zoe")
    review.saved()
    assert study.curve(estimate="coded").frame["mean"].tolist() != before
    review.press("Control+z")
    expect(review.find(".rv-state")).to_have_count(0)
    assert len(study.settled()) == 0
    assert study.curve(estimate="coded").frame["mean"].tolist() == before
    review.press("Control+Shift+z")
    expect(review.find(".rv-state")).to_have_text("Settled by zoe")
    assert study.history(limit=1)["actor"].tolist() == ["zoe"]


def test_what_is_left_undecided_stays_open_and_counts_for_nobody(
    study: Study, open_review: Callable[..., Stand]
) -> None:
    before = study.curve(estimate="coded").frame["mean"].tolist()
    review = open_review(study)
    review.press("u")
    expect(review.find(".rv-state")).to_have_text("Left undecided by zoe")
    review.saved()
    assert study.settled()["how"].tolist() == ["undecided"]
    assert study.settled()["passage"].tolist() == ["The checkout failed twice 👍🏽."]
    assert study.curve(estimate="coded").frame["mean"].tolist() == before
    expect(review.find(".howfar")).to_contain_text("0 / 2")


def test_people_discuss_a_difference_in_memos(
    study: Study, open_review: Callable[..., Stand]
) -> None:
    coding = study.codings("ben").iloc[0]
    study.memo("He had bought already.", coding["uid"], author="ben")
    review = open_review(study)
    expect(review.find(".rv-note")).to_contain_text("He had bought already.")
    review.press("m")
    review.page.keyboard.type(f"But the checkout? {HOSTILE}")
    review.press("Control+Enter")
    expect(review.find(".rv-note")).to_have_count(2)
    review.saved()
    memos = study.memos()
    assert memos["author"].tolist() == ["ben", "zoe"]
    assert memos["text"].tolist()[1].endswith(HOSTILE)


def test_a_coding_that_was_changed_meanwhile_is_shown_again_and_nothing_is_settled(
    study: Study, open_review: Callable[..., Stand]
) -> None:
    review = open_review(study)
    uid = study.codings("ben").iloc[0]["uid"]
    study._store.recode([uid], {"set": {"stage": "Search"}}, "ben")
    review.press("2")
    expect(review.find(".notice")).to_contain_text("changed meanwhile")
    expect(review.find(".rv-side").nth(1)).to_contain_text("Search")
    assert len(study.settled()) == 0
    review.saved()
    review.press("2")
    expect(review.find(".rv-state")).to_have_text("Settled by zoe")


def test_agreement_is_shown_before_and_after(
    study: Study, open_review: Callable[..., Stand]
) -> None:
    review = open_review(study)
    expect(review.find(".rv-agreement b").last).to_have_text("0.44")
    review.press("1")
    review.press("ArrowDown")
    expect(review.find("mark.now")).to_have_text(TEXTS[1])
    review.press("1")
    expect(review.find(".rv-agreement b").last).to_have_text("1.00")
    expect(review.find(".rv-agreement b").first).to_have_text("0.44")


def test_codes_may_be_what_is_compared(study: Study, open_review: Callable[..., Stand]) -> None:
    review = open_review(study, on="codes")
    expect(review.find(".rv-item")).to_have_count(2)  # fees, and the hostile code
    review.press("j")
    expect(review.find("mark.now")).to_have_text("Nobody answered.")
    expect(review.find(".rv-side").first).to_contain_text(HOSTILE)


def test_keys_stay_in_the_widget(study: Study, open_review: Callable[..., Stand]) -> None:
    review = open_review(study)
    review.page.evaluate(
        """() => { window.heard = [];
        document.addEventListener('keydown', e => {
          if (!e.target.hasAttribute('data-lm-suppress-shortcuts')) heard.push(e.key); }); }"""
    )
    review.press("d", "d", "j", "m", "x", "Escape", "?", "Escape")
    assert review.page.evaluate("heard") == []


@pytest.mark.parametrize(
    ("name", "options", "language"),
    [
        ("review-light", {}, "en"),
        ("review-dark-fr", {"dark": True}, "fr"),
        ("review-900", {"width": 900}, "fr"),
        ("review-600", {"width": 600}, "en"),
    ],
)
def test_it_is_accessible_in_every_theme_language_and_width(
    study: Study,
    open_review: Callable[..., Stand],
    name: str,
    options: dict[str, Any],
    language: str,
) -> None:
    study._chosen_language = language
    coding = study.codings("ben").iloc[0]
    study.memo("He had bought already, so this is about use.", coding["uid"], author="ben")
    review = open_review(study, **options)
    if name == "review-dark-fr":
        review.press("e")
    if name == "review-light":
        review.press("1")
        review.saved()
    review.page.wait_for_timeout(900)
    picture(review.root.first, name)
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd js && npm install")
    found = axe(review.page)
    assert found["violations"] == []
    assert found["contrasts"] > 15
