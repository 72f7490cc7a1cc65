"""Nothing a coder does is lost: outbox, receipts, states, kernels that go and come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from standin import StandIn, Study

from cjm_widgets.model.desk import Op

pytestmark = pytest.mark.browser

Open = Callable[..., Any]

KEPT = "Object.keys(localStorage).filter(k => k.startsWith('cjm-coder/')).length"


def state(coder: Any) -> str:
    found: str = coder.find(".state").first.get_attribute("data-state")
    return found


def wait_for_state(coder: Any, wanted: str) -> None:
    coder.find(f".state[data-state={wanted}]").first.wait_for()


def test_what_the_coder_does_shows_in_one_frame_without_the_kernel(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.press("j")
    coder.page.wait_for_timeout(100)
    coder.page.evaluate("cjm.hold = true")
    took = coder.page.evaluate(
        """async () => {
          const root = document.querySelector('.cjm-coder');
          const desk = root.querySelector('[data-desk]');
          const label = () => root.querySelector('.saying').textContent;
          const press = (key, code) => desk.dispatchEvent(
            new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true}));
          const frame = () => new Promise(done => requestAnimationFrame(done));
          const times = [];
          for (const [key, code, shown] of [
            ['4', 'Digit4', () => label().includes('Purchase')],
            ['ArrowLeft', 'ArrowLeft', () => label().includes('−1')],
            ['2', 'Digit2', () => label().includes('Consideration')],
            ['ArrowDown', 'ArrowDown',
              () => root.querySelector('.chosen').textContent.startsWith('Par')],
            ['3', 'Digit3', () => root.querySelectorAll('.saying').length === 2],
          ]) {
            await frame();
            const start = performance.now();
            press(key, code);
            await Promise.resolve(); await Promise.resolve();
            root.querySelector('.gutter').offsetHeight;  // layout counts too
            times.push(performance.now() - start);
            await frame();
            if (!shown()) throw new Error(`${key} did not show in the next frame`);
          }
          return times; }"""
    )
    assert study.rows == {} or len(study.rows) == 1  # at most the first has gone out
    assert coder.page.evaluate("cjm.held.length") >= 1
    assert coder.page.evaluate(KEPT) == 4
    assert min(took) < 16, took
    coder.page.evaluate("cjm.release()")
    coder.settled()
    assert [row.stage for row in coder.codings()] == ["consideration", "decision"]
    assert coder.page.evaluate(KEPT) == 0


def test_saved_is_said_only_when_it_is(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    assert state(coder) == "saved"
    coder.page.evaluate("cjm.hold = true")
    coder.find(".state").first.evaluate("""at => { window.states = [];
        new MutationObserver(() => states.push(at.dataset.state)).observe(at, {attributes: true})
    }""")
    coder.press("1")
    wait_for_state(coder, "saving")
    assert list(dict.fromkeys(coder.page.evaluate("states"))) == ["pending", "saving"]
    assert coder.find(".state").inner_text() == "Saving…"
    coder.page.evaluate("cjm.release()")
    wait_for_state(coder, "saved")
    assert coder.find(".state").inner_text() == "Saved"


def test_a_kernel_that_is_gone_is_named_and_the_next_widget_sends_what_was_kept(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.press("1")
    coder.settled()
    coder.page.evaluate("cjm.drop()")
    wait_for_state(coder, "closed")
    coder.press("ArrowRight", "j", "ArrowDown", "4", "m")
    coder.page.keyboard.type("after the crash")
    coder.press("Control+Enter")
    assert "Not connected: run the cell again (3 kept here)" in coder.find(".state").inner_text()
    assert len(study.live("ana")) == 1
    assert coder.page.evaluate(KEPT) == 3
    # The cell is run again: a new model of the same study and coder.
    coder.page.evaluate("cjm.unmount('a'); cjm.dead = false")
    coder.mount("b")
    coder.ready()
    coder.settled()
    rows = coder.codings()
    assert [(row.feedback, row.stage, row.memo) for row in rows] == [
        (0, "discovery", ""),
        (1, "purchase", "after the crash"),
    ]
    assert rows[0].valence == 0.5
    assert coder.page.evaluate(KEPT) == 0


def test_another_coder_of_the_study_does_not_send_what_was_kept(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.page.evaluate("cjm.drop()")
    coder.press("1")
    coder.page.evaluate("cjm.unmount('a'); cjm.dead = false")
    coder.mount("b", coder="ben")
    coder.ready()
    coder.page.wait_for_timeout(150)
    assert study.rows == {}
    assert coder.page.evaluate(KEPT) == 1


def test_an_answer_that_got_lost_is_asked_for_again_and_nothing_is_written_twice(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study, mount=False)
    coder.page.clock.install()
    coder.mount()
    coder.ready()
    coder.page.evaluate("cjm.hold = true")
    coder.press("1")
    coder.page.wait_for_function("cjm.held.length > 0")
    coder.page.evaluate("cjm.held.length = 0; cjm.hold = false")  # the answer never comes
    assert len(study.rows) == 1
    coder.page.clock.fast_forward(5_100)
    wait_for_state(coder, "saved")
    assert study.asked.count("apply:code") == 2
    assert len(study.rows) == 1


def test_a_kernel_that_stays_silent_is_said_to_be(open_coder: Open, study: Study) -> None:
    coder = open_coder(study, mount=False)
    coder.page.clock.install()
    coder.mount()
    coder.ready()
    coder.page.evaluate("cjm.dead = true")
    coder.press("1")
    coder.page.clock.fast_forward(5_100)
    wait_for_state(coder, "unsaved")
    assert coder.find(".state").inner_text() == "Not saved (1)"
    coder.page.clock.fast_forward(10_100)
    coder.page.clock.fast_forward(20_100)
    wait_for_state(coder, "closed")
    coder.page.evaluate("cjm.dead = false")
    coder.page.clock.fast_forward(20_100)
    wait_for_state(coder, "saved")
    assert [row.stage for row in coder.codings()] == ["discovery"]


def test_a_conflict_is_shown_with_what_can_be_done(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.press("1")
    coder.settled()
    (row,) = coder.codings()
    other = Op("elsewhere", "edit", row.uid, row.rev, 1, body={"stage": "use", "memo": "mine"})
    assert StandIn(study).apply(other).ok  # the coder's other kernel
    coder.press("2")
    wait_for_state(coder, "unsaved")
    coder.find(".saying", has_text="Use and service").wait_for()  # what stands is shown
    coder.find(".state").click()
    entry = coder.find(".refused li")
    assert "Somebody changed the same coding" in entry.inner_text()
    assert "R-001" in entry.inner_text()
    entry.get_by_role("button", name="Do it again").click()
    coder.settled()
    (row,) = coder.codings()
    assert (row.stage, row.memo) == ("consideration", "mine")
    assert coder.page.evaluate(KEPT) == 0


def test_what_was_refused_can_be_let_go_and_survives_a_reload_until_then(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    study.refuse = "invalid"
    coder.press("1")
    wait_for_state(coder, "unsaved")
    assert coder.labels == []
    study.refuse = None
    coder.page.evaluate("cjm.unmount('a')")
    coder.mount("b")
    coder.ready()
    wait_for_state(coder, "unsaved")
    assert study.rows == {}
    coder.find(".state").click()
    coder.find(".refused").get_by_role("button", name="Let go").click()
    wait_for_state(coder, "saved")
    assert coder.page.evaluate(KEPT) == 0


def test_a_lost_file_keeps_all_and_saves_it_when_the_file_is_back(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study, mount=False)
    coder.page.clock.install()
    coder.mount()
    coder.ready()
    study.refuse = "lost_file"
    coder.press("1", "ArrowRight")
    wait_for_state(coder, "unsaved")
    assert len(coder.labels) == 1
    coder.find(".state").click()
    assert "file is gone" in coder.find(".popover").inner_text()
    coder.press("Escape")
    study.refuse = None
    coder.page.clock.fast_forward(20_000)
    wait_for_state(coder, "saved")
    (row,) = coder.codings()
    assert (row.stage, row.valence) == ("discovery", 0.5)


def test_unsaved_work_can_be_forgotten_on_this_computer(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.page.evaluate("cjm.drop()")
    coder.press("1")
    coder.find(".state").click()
    forget = coder.find(".danger")
    forget.click()
    assert coder.page.evaluate(KEPT) == 1  # asked once more
    forget.click()
    assert coder.page.evaluate(KEPT) == 0
    assert coder.labels == []


def test_an_undo_that_meant_another_action_does_nothing_and_says_so(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.press("1")
    coder.settled()
    body = {"feedback": 2, "start": 0, "stop": 8, "stage": "use"}
    StandIn(study).apply(Op("elsewhere", "code", "u-else", seen_version=1, body=body))
    coder.press("Control+z")
    coder.find(".notice", has_text="Your last action is another one now").wait_for()
    assert len(coder.codings()) == 2
    assert len(coder.labels) == 1
    coder.press("Control+z")
    coder.settled()
    assert [row.stage for row in coder.codings()] == ["discovery"]
    coder.find("h3", has_text="R-003").wait_for()  # where it was undone


def test_what_another_kernel_did_appears(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    body = {"feedback": 0, "start": 0, "stop": 9, "stage": "use"}
    StandIn(study).apply(Op("elsewhere", "code", "u-else", seen_version=1, body=body))
    coder.page.evaluate("cjm.receive('a', {push: 'changed', seq: 1})")
    coder.find(".saying", has_text="Use and service").wait_for()
    study.stages = (*study.stages, ("loyalty", "Loyalty", "Fidélité"))
    study.reopen = True
    coder.page.evaluate("cjm.receive('a', {push: 'changed', seq: 1})")
    coder.find(".stage", has_text="Loyalty").wait_for()


def test_answers_of_another_page_and_nonsense_are_ignored(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    for nonsense in (None, 7, "x", [], {"id": "a:1", "ok": True}, {"ok": False}, {"id": None}):
        coder.page.evaluate("m => cjm.receive('a', m)", nonsense)
    coder.press("1")
    coder.settled()
    assert len(coder.codings()) == 1
