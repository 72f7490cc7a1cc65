"""The codebook in the widget: in-vivo codes, its editor, and what others do to it meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from standin import Feedback, StandIn, Study

from browser import picture
from cjm_widgets.model.desk import Op

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def names(study: Study) -> dict[str, str]:
    return {code[0]: code[1] for code in study.codes if code[0] not in study.retired}


def parents(study: Study) -> dict[str, str | None]:
    return {code[0]: code[3] for code in study.codes}


def edit(coder: Any, name: str) -> None:
    """Open the codebook's editor at a code."""
    if coder.find(".sheet.book").count() == 0:
        coder.press("c")
    coder.find(".leaf", has_text=name).first.click()


def elsewhere(study: Study, who: str = "ben", **body: Any) -> None:
    """Another coder edits the codebook."""
    assert StandIn(study, who).apply(Op(f"x{study.seq}", "codebook", body=body)).ok
    study.reopen = True


# -- in-vivo codes


def test_the_selected_words_become_a_code_and_are_given_to_the_passage(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    start = study.texts[0].text.index("impossible")
    coder.drag(start, start + len("impossible de comparer"))
    coder.press("v")
    coder.settled()
    assert names(study)["impossible-de-comparer"] == "impossible de comparer"
    (row,) = coder.codings()
    assert row.codes == ("impossible-de-comparer",)
    assert "impossible de comparer" in coder.labels[0]
    assert "New code" in coder.find("[aria-live]").first.inner_text()
    coder.press("Control+z")
    coder.settled()
    assert coder.codings() == []
    coder.press("Control+z")
    coder.settled()
    assert "impossible-de-comparer" not in names(study)


def test_a_long_passage_gives_a_code_of_bearable_length(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.press("j", "v")
    coder.settled()
    made = study.codes[-1][1]
    assert made == "Le comparatif était clair et le conseiller a…"
    (row,) = coder.codings()
    assert row.codes == ("le-comparatif-etait-clair-et-le-conseiller-a",)


def test_words_that_are_a_code_already_get_that_code(open_coder: Open) -> None:
    study = Study([Feedback("Late delivery. A LATE DELIVERY!")])
    coder = open_coder(study)
    coder.press("v")
    coder.settled()
    coder.drag(17, 31)
    coder.press("v")
    coder.settled()
    assert len(study.codes) == 9
    assert [row.codes for row in coder.codings()] == [("late",), ("late",)]


# -- the editor


def test_a_code_is_added_renamed_described_recoloured_and_each_step_undone(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.press("c")
    assert coder.page.evaluate("document.activeElement.type") == "search"
    field = coder.find("[aria-label='Name of a new code']")
    field.fill("Broken parcel")
    coder.press("Enter")
    coder.settled()
    assert names(study)["broken-parcel"] == "Broken parcel"
    assert coder.find(".leaf.on").inner_text().strip() == "Broken parcel"
    coder.find("[data-name]").fill("Damaged parcel")
    coder.press("Tab")
    coder.page.keyboard.type("The goods arrived broken.")
    coder.press("Tab")
    coder.find(".swatch").nth(3).click()
    coder.find(".form select").first.select_option("pain")
    coder.settled()
    code = next(code for code in study.codes if code[0] == "broken-parcel")
    assert code[1:] == ("Damaged parcel", "pain", None, "The goods arrived broken.")
    assert study.colours["broken-parcel"] == "#6d7619"
    undo = coder.find(".book [aria-label=Undo]")
    for _ in range(4):
        undo.click()
        coder.settled()
    assert names(study)["broken-parcel"] == "Broken parcel"
    undo.click()
    coder.settled()
    assert "broken-parcel" not in names(study)
    assert coder.find(".leaf", has_text="parcel").count() == 0


def test_codes_move_and_nest_by_keys_and_the_focus_goes_with_them(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.press("c", "Tab")
    assert coder.page.evaluate("document.activeElement.dataset.key") == "payment-page"
    coder.press("ArrowDown", "Control+Shift+ArrowRight")
    coder.settled()
    assert parents(study)["adviser"] == "payment-page"
    coder.page.wait_for_function("document.activeElement.dataset.key === 'adviser'")
    assert coder.find("[data-key=adviser]").nth(1).get_attribute("aria-level") == "2"
    coder.press("Control+Shift+ArrowLeft", "Control+Shift+ArrowDown")
    coder.settled()
    order = [code[0] for code in study.codes if code[3] is None]
    assert order.index("adviser") == order.index("payment-failed") + 1
    assert "moved" in coder.find("[aria-live]").first.inner_text()
    coder.press("Control+z", "Control+z", "Control+z")
    coder.settled()
    coder.page.wait_for_timeout(50)
    coder.press("Control+z", "Control+z")
    coder.settled()
    assert parents(study)["adviser"] is None


def test_codes_are_dragged_under_and_before_others(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.press("c")
    coder.page.wait_for_timeout(50)

    def drag(name: str, to: str, share: float) -> None:
        line = coder.find(".leaf", has_text=name).first.bounding_box()
        goal = coder.find(".leaf", has_text=to).first.bounding_box()
        coder.page.mouse.move(line["x"] + 40, line["y"] + line["height"] / 2)
        coder.page.mouse.down()
        coder.page.mouse.move(goal["x"] + 60, goal["y"] + goal["height"] * share, steps=6)
        coder.page.mouse.up()
        coder.settled()

    drag("late delivery", "adviser", 0.5)
    assert parents(study)["late"] == "adviser"
    drag("relief", "payment page", 0.1)
    assert study.codes[0][0] == "relief"
    drag("payment failed", "3-D Secure", 0.5)  # not under what stands under it
    assert parents(study)["payment-failed"] is None
    drag("3-D Secure", "anger", 0.9)
    order = [code[0] for code in study.codes]
    assert parents(study)["3ds"] is None
    assert order.index("3ds") == order.index("anger") + 1


def test_merging_takes_the_codings_along_and_undo_gives_them_back(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.find(".branch", has_text="anger").click()
    coder.settled()
    edit(coder, "anger")
    coder.find("select[aria-label='Merge into…']").select_option("relief")
    coder.find(".merging button").click()
    coder.settled()
    assert "anger" not in names(study)
    assert coder.codings()[0].codes == ("relief",)
    assert "relief" in coder.find(".leaf.on").inner_text()
    assert coder.find(".leaf.on em").inner_text() == "1"
    coder.find(".book [aria-label=Undo]").click()
    coder.settled()
    assert coder.codings()[0].codes == ("anger",)
    coder.press("Escape")
    assert "anger" in coder.labels[0]


def test_splitting_gives_each_passage_of_the_text_its_code(open_coder: Open) -> None:
    study = Study([Feedback("It was slow. It got lost."), Feedback("Slow too.")])
    coder = open_coder(study)
    coder.find(".branch", has_text="late").click()
    coder.press("ArrowDown")
    coder.find(".branch", has_text="late").click()
    coder.press("j")
    coder.find(".branch", has_text="late").click()
    coder.press("k")
    coder.settled()
    edit(coder, "late delivery")
    coder.find("button", has_text="Split…").click()
    coder.find(".splitting textarea").fill("slow delivery\nlost parcel")
    assert "1 passage in other texts" in coder.find(".splitting").inner_text()
    coder.find(".splitting .passage select").nth(0).select_option("0")
    coder.find(".splitting .passage select").nth(1).select_option("1")
    coder.find(".splitting [type=submit]").click()
    coder.settled()
    assert [row.codes for row in coder.codings()] == [
        ("slow-delivery",),
        ("lost-parcel",),
        ("late",),
    ]
    coder.find(".book [aria-label=Undo]").click()
    coder.settled()
    assert [row.codes for row in coder.codings()] == [("late",)] * 3


def test_a_retired_code_is_no_longer_offered_and_can_come_back(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.find(".branch", has_text="anger").click()
    coder.settled()
    edit(coder, "anger")
    coder.find(".leaf.on").focus()
    coder.press("Delete")
    coder.settled()
    assert "anger" not in names(study)
    assert coder.codings()[0].codes == ("anger",)
    coder.find(".retired summary").click()
    coder.find(".retired .leaf").click()
    coder.find("button", has_text="Offer it again").click()
    coder.settled()
    assert names(study)["anger"] == "anger"
    assert coder.page.evaluate("!!document.activeElement.closest('.sheet.book')")
    coder.press("Escape")
    coder.find(".branch.on", has_text="anger").wait_for()


def test_the_search_finds_codes_and_esc_leads_back_to_the_text(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.find("[aria-label='Edit the codebook']").click()
    coder.page.keyboard.type("PAYMENT")
    assert coder.find(".leaf").all_inner_texts() == ["payment page", "payment failed"]
    coder.press("Escape")
    coder.page.wait_for_function("document.activeElement.hasAttribute('data-desk')")
    assert coder.find(".sheet").count() == 0
    coder.press("1")  # the keys for coding are back
    coder.settled()
    assert coder.codings()[0].stage == "discovery"


def test_the_focus_stays_in_the_editor(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    edit(coder, "adviser")
    for way in ("Tab", "Shift+Tab"):
        for _ in range(25):
            coder.press(way)
            assert coder.page.evaluate("!!document.activeElement.closest('.sheet.book')")
    coder.find("[data-name]").focus()
    coder.page.keyboard.type("1 n j ?")  # words in a field are words
    assert coder.codings() == []
    assert coder.find("h3").inner_text() == "R-001"


# -- definitions


def test_a_definition_shows_on_hover_and_on_focus_and_esc_takes_it_away(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.find(".branch", has_text="adviser").hover()
    coder.find(".tip", has_text="A person in a shop").wait_for()
    picture(coder.root.first, "coder-tip")
    coder.find(".tip").hover()  # it stays while the mouse is on it
    coder.page.wait_for_timeout(250)
    assert coder.find(".tip").is_visible()
    coder.press("Escape")
    assert coder.find(".tip").count() == 0
    coder.page.mouse.move(400, 500)
    coder.find(".branch").first.focus()
    coder.press("ArrowDown")
    coder.find(".tip", has_text="The page where").wait_for()
    focused = "document.activeElement.getAttribute('aria-description')"
    assert "The page where" in coder.page.evaluate(focused)
    coder.press("Escape")
    assert coder.find(".tip").count() == 0
    assert "The page where" in coder.page.evaluate(focused)  # the focus stays


# -- others


def test_a_code_that_somebody_merges_while_it_is_in_use_is_told_calmly(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    elsewhere(study, do="merge", code="late", into="relief")
    coder.find(".branch", has_text="late delivery").click()  # still in the panel
    coder.find(".notice", has_text="“late delivery” was merged into “relief”").wait_for()
    coder.settled()
    assert coder.codings()[0].codes == ("relief",)
    coder.page.wait_for_function(
        "![...document.querySelectorAll('.branch')].some(e => e.textContent.includes('late'))"
    )
    assert "relief" in coder.labels[0]
    assert coder.find(".state[data-state=saved]").count() == 1


def test_a_code_that_somebody_retires_while_it_is_in_use_stays_on_the_coding(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    elsewhere(study, do="retire", code="anger")
    coder.find(".branch", has_text="anger").click()
    coder.find(".notice", has_text="was retired meanwhile").wait_for()
    coder.settled()
    assert coder.codings()[0].codes == ("anger",)
    assert "anger" in coder.labels[0]
    elsewhere(study, do="retire", code="guest")
    coder.widgets["a"][0].changed()
    coder.page.evaluate("cjm.receive('a', {push: 'changed', seq: 0})")
    coder.find(".notice", has_text="A code is no longer offered: guest checkout").wait_for()
    assert "anger" in coder.labels[0]


def test_an_edit_of_the_codebook_that_is_refused_can_be_let_go(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    study.refuse = "invalid"
    edit(coder, "adviser")
    coder.find("[data-name]").fill("Counsellor")
    coder.press("Tab", "Escape")
    coder.find(".state[data-state=unsaved]").click()
    assert "Codebook" in coder.find(".refused").inner_text()
    coder.find("button", has_text="Let go").click()
    coder.settled()
    assert coder.find(".branch", has_text="adviser").count() == 1
