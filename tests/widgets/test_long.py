"""A text of 300,000 characters with 2,000 passages: what is drawn is what is near."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from standin import STAGES, Feedback, Study

from cjm_widgets.model.coding import Coding

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
LENGTH, PASSAGES = 300_000, 2_000


@pytest.fixture(scope="module")
def talk() -> str:
    chance = random.Random(7)
    words = "delivery came late and nobody told me the adviser was friendly but payment broke"
    known = words.split()
    lines, size, n = [], 0, 0
    while size < LENGTH:
        sentences = []
        for _ in range(chance.randint(1, 8)):
            n += 1
            made = " ".join(chance.choice(known) for _ in range(chance.randint(4, 20)))
            sentences.append(f"Sentence {n} {made}.")
        lines.append(" ".join(sentences))
        size += len(lines[-1]) + 1
    # One paragraph without a line break that is longer than any screen.
    return "\n".join([*lines[:3], " ".join(lines[3:80]), *lines[80:]])[:LENGTH]


@pytest.fixture
def long(talk: str) -> Study:
    chance = random.Random(8)
    study = Study([Feedback(talk, title="P-01"), Feedback("Short one. It ends.")])
    for at in range(PASSAGES):
        start = chance.randrange(0, LENGTH - 400)
        stage = chance.choice(STAGES)[0]
        stop = start + chance.randint(20, 300)
        study.rows[f"r{at}"] = Coding(f"r{at}", 0, 1, start, stop, "ana", stage, rev=1)
    return study


def drawn(coder: Any) -> tuple[int, int]:
    """Stretches and labels in the page."""
    found: list[int] = coder.page.evaluate(
        "['.w', '.saying'].map(what => document.querySelectorAll(what).length)"
    )
    return found[0], found[1]


def seen_labels(coder: Any) -> bool:
    """Whether each passage that begins in sight has its label, on the height of its words."""
    kept: bool = coder.page.evaluate(
        """() => { const pane = document.querySelector('.scroll').getBoundingClientRect();
          const inside = e => { const b = e.getClientRects()[0];
            return b && b.top >= pane.top && b.bottom <= pane.bottom };
          const begin = [...document.querySelectorAll('[data-a]')].filter(inside)
            .flatMap(e => e.dataset.a.split(' '));
          const labels = new Map([...document.querySelectorAll('.saying')]
            .map(e => [e.dataset.n, e.getBoundingClientRect()]));
          return begin.length > 0 && begin.every(uid => labels.has(uid)
            && Math.abs(labels.get(uid).top - pane.top) < pane.height * 2) }"""
    )
    return kept


def in_sight(coder: Any, selector: str) -> bool:
    found: bool = coder.page.evaluate(
        """(selector) => { const pane = document.querySelector('.scroll').getBoundingClientRect();
          const at = document.querySelector(selector)?.getClientRects()[0];
          return !!at && at.top >= pane.top && at.bottom <= pane.bottom }""",
        selector,
    )
    return found


def test_only_what_is_near_is_drawn_and_all_of_the_text_is_there(
    open_coder: Open, long: Study, talk: str
) -> None:
    coder = open_coder(long)
    assert (
        coder.page.evaluate(
            "[...document.querySelectorAll('.words')].map(e => e.textContent).join('')"
        )
        == talk
    )
    for _ in range(12):
        stretches, labels = drawn(coder)
        assert 5 < stretches < 400
        assert 3 < labels < 90
        assert seen_labels(coder)
        coder.page.evaluate("document.querySelector('.scroll').scrollTop += 9000")
        coder.page.wait_for_timeout(60)
    # The browser's own search finds what is far from the screen.
    assert coder.page.evaluate("window.find('Sentence 2000 ')")


def test_the_page_stays_where_it_is_while_blocks_above_get_their_height(
    open_coder: Open, long: Study
) -> None:
    coder = open_coder(long)
    coder.page.evaluate("document.querySelector('.scroll').scrollTop = 60000")
    coder.page.wait_for_timeout(120)
    steps = []
    coder.page.mouse.move(500, 450)
    for _ in range(25):  # up, into blocks that were never laid out
        before = coder.page.evaluate("""() => { const at = document.elementFromPoint(400, 300);
            window.kept = at; window.was = document.querySelector('.scroll').scrollTop;
            return at.getClientRects()[0].top }""")
        coder.page.mouse.wheel(0, -120)
        coder.page.wait_for_function("document.querySelector('.scroll').scrollTop !== window.was")
        coder.page.wait_for_timeout(40)
        after = coder.page.evaluate(
            "window.kept.isConnected ? window.kept.getClientRects()[0].top : null"
        )
        if after is not None:
            steps.append(after - before)
    assert len(steps) > 10
    assert all(abs(step - 120) < 3 for step in steps), steps


def test_a_long_text_is_walked_coded_and_undone_where_the_coder_is(
    open_coder: Open, long: Study, talk: str
) -> None:
    coder = open_coder(long)
    for _ in range(40):
        coder.press("ArrowDown")
    assert coder.chosen.startswith("Sentence 41 ")
    assert in_sight(coder, ".chosen.w")
    coder.press("4", "ArrowLeft")
    coder.settled()
    (row,) = [row for row in coder.codings() if row.uid not in {f"r{n}" for n in range(PASSAGES)}]
    assert talk[row.start : row.stop].startswith("Sentence 41 ")
    assert (row.stage, row.valence) == ("purchase", -0.5)
    coder.page.evaluate("document.querySelector('.scroll').scrollTop = 90000")
    coder.page.wait_for_timeout(80)
    assert not in_sight(coder, ".chosen.w")
    coder.press("Control+z", "Control+z")
    coder.settled()
    coder.page.wait_for_timeout(80)
    assert in_sight(coder, ".chosen.w")  # the undo shows what it undid
    assert len(coder.codings()) == PASSAGES


def test_a_range_by_mouse_goes_over_the_borders_of_blocks(
    open_coder: Open, long: Study, talk: str
) -> None:
    coder = open_coder(long)
    start, stop = talk.index("Sentence 9 ") + 3, talk.index("Sentence 31 ") + 4
    borders = coder.page.evaluate(
        """([a, b]) => [...document.querySelectorAll('.block')].filter(e => {
          const s = +e.querySelector('[data-s]').dataset.s;
          return s > a && s < b }).length""",
        [start, stop],
    )
    assert borders >= 1
    coder.page.evaluate(
        """([start, stop]) => { const point = at => {
            const found = [...document.querySelectorAll('[data-s]')].filter(e =>
              +e.dataset.s <= at).at(-1);
            return [found.firstChild, at - found.dataset.s] };
          const [a, b] = [point(start), point(stop)];
          const words = document.querySelector('.words');
          words.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true, button: 0}));
          getSelection().setBaseAndExtent(a[0], a[1], b[0], b[1]);
          words.dispatchEvent(new PointerEvent('pointerup', {bubbles: true, button: 0}));
          return new Promise(done => setTimeout(done, 30)) }""",
        [start, stop],
    )
    coder.press("2")
    coder.settled()
    made = [row for row in coder.codings() if not row.uid.startswith("r") or len(row.uid) > 6]
    assert [(row.start, row.stop) for row in made] == [(start, stop)]


def test_a_coder_comes_back_into_the_middle_of_a_long_text(open_coder: Open, long: Study) -> None:
    long.marks["ana"] = {"text": 0, "pos": 0, "sentence": 1499}
    coder = open_coder(long)
    coder.page.wait_for_timeout(150)
    assert coder.chosen.startswith("Sentence 1500 ")
    assert in_sight(coder, ".chosen.w")
    assert drawn(coder)[0] < 400


def test_a_click_on_a_label_far_down_takes_its_passage(
    open_coder: Open, long: Study, talk: str
) -> None:
    coder = open_coder(long)
    coder.page.evaluate("document.querySelector('.scroll').scrollTop = 50000")
    coder.page.wait_for_timeout(300)
    uid = coder.page.evaluate(
        """() => { const pane = document.querySelector('.scroll').getBoundingClientRect();
          const at = [...document.querySelectorAll('.saying')].find(e => {
            const b = e.getBoundingClientRect();
            return b.top > pane.top + 60 && b.bottom < pane.bottom - 30 });
          at.click(); return at.dataset.n }"""
    )
    row = long.rows[uid]
    coder.press("6")
    coder.settled()
    assert long.rows[uid].stage == "advocacy"
    assert talk[row.start : row.stop].strip() in coder.chosen
    assert coder.find(".grip:not([hidden])").count() == 2
    coder.press("j")
    coder.find("h3", has_text="R-002").wait_for()
    assert coder.chosen == "Short one."
