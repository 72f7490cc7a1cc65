"""Passages made longer and shorter, by keys and by mouse; passages that share words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from standin import Feedback, Study

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
WORDS = "Alpha beta gamma, delta epsilon. Zeta eta theta."
TYPE = """([key, code, more]) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
  {key, code, bubbles: true, cancelable: true, composed: true, ...more}))"""


@pytest.fixture
def study() -> Study:
    return Study([Feedback(WORDS)])


def only(coder: Any) -> str:
    (row,) = coder.codings()
    return WORDS[row.start : row.stop]


def at_words(coder: Any, word: str, end: bool) -> tuple[float, float]:
    """Where a word begins or ends on the screen."""
    found: list[float] = coder.page.evaluate(
        """([word, end]) => { const walker = document.createTreeWalker(
            document.querySelector('.words'), NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) { const at = walker.currentNode.data.indexOf(word);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(walker.currentNode, at);
            range.setEnd(walker.currentNode, at + word.length);
            const b = range.getBoundingClientRect();
            return [end ? b.right : b.left, b.top + b.height / 2] } }""",
        [word, end],
    )
    return found[0], found[1]


def pull(coder: Any, end: str, to: tuple[float, float], *keys: str) -> None:
    """Take one end of the selected passage and let go of it somewhere else."""
    box = coder.find(f".grip[data-end={end}]").bounding_box()
    mouse = coder.page.mouse
    mouse.move(box["x"] + (13 if end == "start" else 5), box["y"] + box["height"] / 2)
    mouse.down()
    for key in keys:
        coder.page.keyboard.down(key)
    mouse.move(*to, steps=5)
    mouse.up()
    for key in keys:
        coder.page.keyboard.up(key)


def test_ends_move_by_words_with_keys_and_one_undo_takes_all_back(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.drag(6, 16)
    coder.press("1")
    coder.press("Shift+ArrowRight")
    assert coder.chosen == "beta gamma,"
    coder.press("Shift+ArrowRight", "Shift+ArrowRight")
    assert coder.chosen == "beta gamma, delta epsilon"
    coder.press("Control+Shift+ArrowRight")
    assert coder.chosen == "gamma, delta epsilon"
    coder.press("Shift+ArrowLeft", "Control+Shift+ArrowLeft", "Control+Shift+ArrowLeft")
    assert coder.chosen == "Alpha beta gamma, delta"
    assert "Alpha beta" in coder.find("[aria-live]").first.inner_text()
    coder.press("ArrowRight")  # any other act keeps the new ends first
    coder.settled()
    assert only(coder) == "Alpha beta gamma, delta"
    assert study.asked.count("apply:edit") == 2
    coder.press("Control+z", "Control+z")
    coder.settled()
    assert only(coder) == "beta gamma"
    assert coder.chosen == "beta gamma"


def test_new_ends_are_kept_when_the_keys_rest(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.drag(0, 5)
    coder.press("2", "Shift+ArrowRight")
    coder.page.wait_for_function("cjm.sent.some(m => m.act === 'edit')")
    coder.settled()
    assert only(coder) == "Alpha beta"


def test_with_alt_ends_move_by_characters_and_never_past_each_other(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.drag(6, 10)
    coder.press("3", "Alt+Shift+ArrowLeft", "Control+Alt+Shift+ArrowRight")
    assert coder.chosen == "et"
    coder.press(*["Shift+ArrowLeft"] * 3, *["Control+Shift+ArrowRight"] * 3)
    assert coder.chosen == "et"
    coder.press("Escape")  # as it was
    assert coder.chosen == "beta"
    coder.settled()
    assert only(coder) == "beta"


def test_words_that_are_not_coded_yet_are_measured_by_the_same_keys(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.press("Shift+ArrowLeft", "Shift+ArrowLeft", "Control+Shift+ArrowRight", "5")
    coder.settled()
    assert only(coder) == "beta gamma, delta"


def test_ends_are_dragged_by_the_mouse_and_snap_to_words(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.drag(6, 16)
    coder.press("1")
    x, y = at_words(coder, "epsilon", True)
    pull(coder, "stop", (x - 12, y))
    coder.settled()
    assert only(coder) == "beta gamma, delta epsilon"
    x, y = at_words(coder, "gamma", False)
    pull(coder, "start", (x + 6, y))
    coder.settled()
    assert only(coder) == "gamma, delta epsilon"
    assert study.asked.count("apply:edit") == 2
    assert coder.page.evaluate("String(getSelection())") == ""
    coder.press("Control+z")
    coder.settled()
    assert only(coder) == "beta gamma, delta epsilon"


def test_with_alt_the_mouse_is_as_fine_as_characters(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.drag(0, 5)
    coder.press("1")
    x, y = at_words(coder, "Alp", True)
    pull(coder, "stop", (x, y), "Alt")
    coder.settled()
    assert only(coder) == "Alp"


def test_escape_while_dragging_leaves_the_passage_as_it_was(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.drag(0, 5)
    coder.press("1")
    box = coder.find(".grip[data-end=stop]").bounding_box()
    coder.page.mouse.move(box["x"] + 5, box["y"] + 8)
    coder.page.mouse.down()
    coder.page.mouse.move(*at_words(coder, "delta", True), steps=4)
    assert coder.chosen == "Alpha beta gamma, delta"
    coder.press("Escape")
    coder.page.mouse.up()
    coder.settled()
    assert only(coder) == "Alpha"
    assert coder.chosen == "Alpha"


def test_nested_and_overlapping_passages_are_all_reached_by_enter_and_by_clicks(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    for start, stop, stage in ((0, 16, "1"), (6, 10, "2"), (6, 31, "3"), (0, 47, "4")):
        coder.drag(start, stop)
        coder.press(stage)
    coder.settled()
    coder.drag(7, 9)
    seen = []
    for _ in range(4):
        coder.press("Enter")
        seen.append(coder.chosen)
    assert sorted(map(len, seen)) == [4, 16, 25, 47]
    place = at_words(coder, "beta", False)
    clicked = []
    for _ in range(4):
        coder.page.mouse.click(place[0] + 8, place[1])
        coder.page.wait_for_timeout(30)
        clicked.append(len(coder.chosen))
    assert sorted(clicked) == [4, 16, 25, 47]


def test_one_passage_bears_several_codes(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.find(".branch", has_text="adviser").click()
    coder.find(".branch", has_text="anger").click()
    coder.find(".branch", has_text="late").click()
    coder.settled()
    (row,) = coder.codings()
    assert row.codes == ("adviser", "anger", "late")


def test_the_ends_of_right_to_left_words_are_taken_where_they_are_seen(open_coder: Open) -> None:
    hebrew = "זה היה טוב מאוד, אבל המשלוח איחר."
    study = Study([Feedback(hebrew)])
    coder = open_coder(study)
    coder.drag(0, 6)
    coder.press("1")
    start = coder.find(".grip[data-end=start]").bounding_box()
    stop = coder.find(".grip[data-end=stop]").bounding_box()
    assert start["x"] > stop["x"]
    coder.press("Shift+ArrowRight")
    coder.settled()
    coder.page.wait_for_function("cjm.sent.some(m => m.act === 'edit')")
    coder.settled()
    (row,) = coder.codings()
    assert hebrew[row.start : row.stop] == "זה היה טוב"
