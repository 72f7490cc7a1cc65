"""Coding as a coder does it, by keyboard and by mouse, in the real bundle."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from standin import Feedback, Study

from cjm_widgets.model.coding import Coding

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def said(row: Any, study: Study) -> tuple[str, str | None, float | None]:
    return study.texts[row.feedback].text[row.start : row.stop], row.stage, row.valence


def test_ten_passages_by_keyboard_three_undone_one_redone(open_coder: Open) -> None:
    study = Study([Feedback(f"Text {at} begins here. And here it ends.") for at in range(6)])
    coder = open_coder(study)
    for at in range(5):
        coder.press(str(at + 1), "ArrowRight", "ArrowDown", str(at + 2), "ArrowLeft", "j")
    coder.settled()
    rows = coder.codings()
    assert [(said(row, study)) for row in rows[:2]] == [
        ("Text 0 begins here.", "discovery", 0.5),
        ("And here it ends.", "consideration", -0.5),
    ]
    assert len(rows) == 10
    coder.press(*["Control+z"] * 3)  # valence and stage of the last one, valence of the ninth
    coder.find("h3", has_text="R-005").wait_for()
    assert len(coder.labels) == 1
    coder.settled()
    assert len(coder.codings()) == 9
    assert said(coder.codings()[8], study) == ("Text 4 begins here.", "use", None)
    coder.press("Control+Shift+Z")
    coder.settled()
    assert said(coder.codings()[8], study) == ("Text 4 begins here.", "use", 0.5)
    assert coder.codings()[:9] == [*rows[:9]]


def test_undo_goes_back_past_the_page_that_is_open(open_coder: Open, study: Study) -> None:
    first = open_coder(study)
    first.press("1", "ArrowRight", "ArrowRight")
    first.settled()
    again = open_coder(study)  # another page: it knows nothing of what was done
    assert "Discovery" in again.labels[0]
    again.press("Control+z")
    again.settled()
    assert coding_of(study).valence == 0.5
    again.press("Control+z")
    again.settled()
    again.press("Control+z")
    again.settled()
    assert study.live("ana") == []
    again.press("Control+y")
    again.settled()
    again.find(".saying").wait_for()
    assert coding_of(study).stage == "discovery"


def coding_of(study: Study) -> Any:
    (row,) = study.live("ana")
    return row


def test_sentences_are_walked_extended_and_taken_whole(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.press("j")
    text = study.texts[1].text
    assert coder.chosen == "Le comparatif était clair et le conseiller a été très gentil."
    coder.press("ArrowDown")
    assert coder.chosen.startswith("Par contre")
    coder.press("Shift+ArrowDown")
    assert coder.chosen.endswith("le lendemain.")
    coder.press("Shift+ArrowUp")
    assert coder.chosen.endswith("service client.")
    coder.press("a")
    assert coder.chosen == text
    coder.press("6")
    coder.settled()
    assert said(coding_of(study), study) == (text, "advocacy", None)


def test_the_first_act_begins_a_coding_and_the_next_ones_change_it(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.press("4", "ArrowLeft", "ArrowLeft", "/")
    coder.page.keyboard.type("fail")
    coder.press("Enter", "Escape", "m")
    coder.page.keyboard.type("see R-017 1 2 3")
    coder.press("Control+Enter")
    coder.settled()
    row = coding_of(study)
    assert (row.stage, row.valence, row.codes, row.memo) == (
        "purchase",
        -1.0,
        ("payment-failed",),
        "see R-017 1 2 3",
    )
    label = coder.labels[0]
    for word in ("Purchase", "−2", "payment failed", "see R-017"):
        assert word in label
    assert coder.page.evaluate("document.activeElement.hasAttribute('data-desk')")
    coder.press("5")
    coder.settled()
    assert coding_of(study).stage == "use"
    assert len(study.rows) == 1


def test_shift_and_a_number_adds_another_coding_on_the_same_words(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.press("1", "Shift+Digit3")
    coder.settled()
    assert [(r.stage, r.start, r.stop) for r in coder.codings()] in (
        [("discovery", 0, 78), ("decision", 0, 78)],
        [("decision", 0, 78), ("discovery", 0, 78)],
    )
    lanes = coder.find("[data-lanes]").first.get_attribute("data-lanes")
    assert lanes == "2"
    coder.press("Enter", "0")
    coder.settled()
    assert sorted(str(r.stage) for r in coder.codings())[0] == "None"


def test_delete_removes_and_undo_brings_back(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.press("2")
    coder.find(".saying").wait_for()
    coder.press("Escape", "Delete")  # let go of it first: it is found under the selection
    coder.settled()
    assert coder.codings() == []
    assert coder.labels == []
    coder.press("Control+z")
    coder.settled()
    assert coding_of(study).stage == "consideration"


TRICKY = "Hé 👍🏽 la 👩\u200d👩\u200d👧 est là.\r\nשלום, זה היה טוב מאוד. Fin\u0301 😀 voilà."


def test_a_range_by_mouse_counts_in_code_points(open_coder: Open) -> None:
    study = Study([Feedback(TRICKY, language="fr")])
    coder = open_coder(study)

    def units(points: int) -> int:
        return len(TRICKY[:points].encode("utf-16-le")) // 2

    for words, cut in (
        ("👍🏽", (1, 1)),  # the mouse lets go in the middle of a character: the whole is meant
        ("👩\u200d👩\u200d👧", (2, 3)),
        ("זה היה טוב", (0, 0)),
        ("là.\r\nשלום", (0, 0)),
        ("Fin\u0301 😀", (0, 1)),
    ):
        at = TRICKY.index(words)
        coder.drag(units(at) + cut[0], units(at + len(words)) - cut[1])
        assert coder.chosen == words
        coder.press("3")
        coder.settled()
        assert (at, at + len(words)) in [(row.start, row.stop) for row in coder.codings()]
    assert len(coder.codings()) == 5


def test_real_mouse_drags_clicks_and_picks(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.press("j")
    words = coder.find(".words p").bounding_box()
    coder.page.mouse.move(words["x"] + 2, words["y"] + 14)
    coder.page.mouse.down()
    coder.page.mouse.move(words["x"] + 150, words["y"] + 14, steps=4)
    coder.page.mouse.up()
    coder.page.wait_for_timeout(20)
    taken = coder.chosen
    assert study.texts[1].text.startswith(taken)
    assert 10 < len(taken) < 40
    coder.find(".stage").nth(1).click()
    coder.find(".valences button").nth(4).click()
    coder.find(".branch", has_text="adviser").click()
    coder.settled()
    row = coding_of(study)
    assert (row.stage, row.valence, row.codes) == ("consideration", 1.0, ("adviser",))
    assert coder.page.evaluate("document.activeElement.hasAttribute('data-desk')")
    coder.press("ArrowDown")
    assert coder.find(".saying.on").count() == 0
    coder.page.mouse.click(words["x"] + 60, words["y"] + 14)
    coder.page.wait_for_timeout(20)
    assert coder.find(".saying.on").count() == 1
    coder.press("ArrowDown", "ArrowDown")
    coder.find(".saying").click()
    assert coder.chosen == taken
    coder.find("[aria-label='Remove this coding']").click()
    coder.settled()
    assert coder.codings() == []


def test_overlapping_and_nested_passages_have_lanes_and_labels_apart(open_coder: Open) -> None:
    study = Study([Feedback("Alpha beta gamma delta epsilon zeta eta theta.")])
    coder = open_coder(study)
    for start, stop, stage in ((0, 22, "1"), (6, 16, "2"), (11, 30, "3"), (0, 46, "4")):
        coder.drag(start, stop)
        coder.press(stage)
    coder.settled()
    deepest = coder.page.evaluate(
        "Math.max(...[...document.querySelectorAll('[data-lanes]')].map(e => +e.dataset.lanes))"
    )
    assert deepest == 4
    boxes = coder.page.evaluate(
        """[...document.querySelectorAll('.saying')].map(e => {
          const b = e.getBoundingClientRect(); return [b.top, b.bottom] })"""
    )
    assert len(boxes) == 4
    for above, below in itertools.pairwise(boxes):
        assert above[1] <= below[0]
    text = coder.find(".words").inner_text()
    assert text.strip() == study.texts[0].text  # labels stand beside the text, never in it


def test_the_next_text_to_do_is_found_over_pages_and_around_the_end(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.press("1", "n")
    coder.find("h3", has_text="R-002").wait_for()
    for at in range(70):
        if at not in (1, 45):
            study.rows[f"x{at}"] = Coding(f"x{at}", at, 1, 0, 3, "ana", rev=1)
    coder.press("2", "n")
    coder.find("h3", has_text="R-046").wait_for()
    coder.find(".item[aria-current]", has_text="R-046").wait_for()
    coder.press("2", "n")
    coder.find(".notice", has_text="Every text here is coded").wait_for()
    assert coder.find("h3").inner_text() == "R-046"


def test_pages_turn_and_only_those_beside_the_screen_travel(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.page.wait_for_timeout(100)
    assert coder.find(".item").count() == 30
    assert study.asked.count("page") <= 2
    assert study.asked.count("text") <= 3
    coder.find(".pager .last").click()
    coder.find(".item", has_text="R-031").wait_for()
    coder.find(".item", has_text="R-031").click()
    coder.press("k")
    coder.find("h3", has_text="R-030").wait_for()
    coder.find(".item[aria-current]", has_text="R-030").wait_for()


def test_search_and_filters_narrow_the_queue(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.press("f")
    coder.page.keyboard.type("ECHOUE")
    coder.page.wait_for_function("document.querySelectorAll('.item').length === 1")
    assert coder.find("h3").inner_text() == "R-001"
    coder.press("Enter")
    coder.find("h3", has_text="R-002").wait_for()
    assert coder.find(".hit").first.inner_text() == "échoué"
    coder.find("input[data-find=texts]").fill("")
    coder.page.wait_for_function("document.querySelectorAll('.item').length === 30")
    coder.find(".filters button").first.click()
    coder.find(".popover").get_by_label("persona").select_option("curieuse")
    coder.page.wait_for_function("document.querySelectorAll('.item').length === 2")
    coder.press("Escape", "1")
    coder.settled()
    coder.find("select[aria-label='Texts shown']").select_option("done")
    coder.page.wait_for_function("document.querySelectorAll('.item').length === 1")
    coder.find(".pill").first.click()
    coder.find("select[aria-label='Texts shown']").select_option("all")
    coder.page.wait_for_function("document.querySelectorAll('.item').length === 30")


def test_progress_and_counts_follow_what_is_done(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    assert coder.find(".howfar").inner_text() == "0 / 70"
    coder.press("4")
    assert coder.find(".howfar").inner_text() == "1 / 70"
    assert coder.find(".stage em").all_inner_texts() == ["0", "0", "0", "1", "0", "0"]
    coder.press("2")
    assert coder.find(".stage em").all_inner_texts() == ["0", "1", "0", "0", "0", "0"]
    assert coder.find(".item .chip").all_inner_texts() == ["2"]
    coder.press("Control+z", "Control+z")
    assert coder.find(".howfar").inner_text() == "0 / 70"
    coder.settled()
    assert coder.find(".stage em").all_inner_texts() == ["0"] * 6


def test_shown_again_it_is_where_the_coder_left_it(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.find("select[aria-label='Texts shown']").select_option("todo")
    coder.press("Escape")
    coder.find(".pager .last").click()
    coder.find(".item", has_text="R-040").click()
    coder.find("h3", has_text="R-040").wait_for()
    coder.desk.focus()
    coder.press("ArrowDown")
    coder.page.wait_for_timeout(600)
    again = open_coder(study)
    assert again.find("h3").inner_text() == "R-040"
    assert again.chosen == "It has two sentences."
    assert again.find("select[aria-label='Texts shown']").input_value() == "todo"
    again.find(".item[aria-current]", has_text="R-040").wait_for()


def test_two_views_of_one_model_show_the_same_and_keep_their_own_cursor(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.page.evaluate("cjm.wires.get('a').view('100%')")
    roots = coder.root
    roots.nth(1).locator("[data-desk]").wait_for()
    coder.press("j", "ArrowDown", "4")
    coder.settled()
    for at in (0, 1):
        assert "Purchase" in roots.nth(at).locator(".saying").inner_text()
    assert roots.nth(0).locator(".saying.on").count() == 1
    assert roots.nth(1).locator(".saying.on").count() == 0
    assert coder.page.evaluate("cjm.sent.filter(m => m.do === 'open').length") == 1
    assert len(study.rows) == 1


def test_more_than_nine_stages_are_reached_by_name_number_mouse_and_tab(open_coder: Open) -> None:
    stages = tuple((f"s{n}", f"Stage {'abcdefghijklmn'[n]}x", "") for n in range(14))
    study = Study([Feedback("One. Two.")], stages=tuple((k, e, e) for k, e, _ in stages))
    coder = open_coder(study)
    coder.press("s")
    coder.page.keyboard.type("12")
    coder.press("Enter")
    coder.settled()
    assert coding_of(study).stage == "s11"
    coder.press("s")
    coder.page.keyboard.type("nx")
    coder.press("Enter", "ArrowDown", "9")
    coder.settled()
    assert [row.stage for row in coder.codings()] == ["s13", "s8"]
    assert coder.find(".stage").nth(12).inner_text().startswith("13")
    coder.find(".stage").nth(12).click()
    coder.settled()
    assert coder.codings()[1].stage == "s12"


def test_a_study_without_texts_says_what_to_do(open_coder: Open) -> None:
    coder = open_coder(Study([]), mount=False)
    coder.mount(language="fr")
    coder.find("text=Aucun texte à coder").wait_for()
    coder.page.keyboard.press("n")


def test_what_happens_is_told_to_screen_readers(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.press("j", "ArrowDown")
    live = coder.find("[aria-live]").first
    assert "Sentence 2 of 4" in live.inner_text()
    assert "Par contre" in live.inner_text()
    coder.press("4")
    assert "4 Purchase" in live.inner_text()
    coder.press("ArrowLeft")
    assert "−1 bad" in live.inner_text()
    coder.press("Control+z")
    assert "Undone: change" in live.inner_text()
