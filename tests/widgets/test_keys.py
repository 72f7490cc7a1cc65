"""Keys: the coder's own, whatever the keyboard, and the notebook's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from standin import Study

pytestmark = pytest.mark.browser

Open = Callable[..., Any]

TYPE = """([key, code, more]) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
  {key, code, bubbles: true, cancelable: true, composed: true, ...more}))"""


def test_numbers_go_by_the_place_of_the_key(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    for key, code, stage in (
        ("&", "Digit1", "discovery"),  # AZERTY
        ("é", "Digit2", "consideration"),
        ('"', "Digit3", "decision"),
        ("'", "Digit4", "purchase"),
        ("5", "Numpad5", "use"),
        ("+", "Digit1", "discovery"),  # Czech
    ):
        coder.page.evaluate(TYPE, [key, code, {}])
        coder.settled()
        assert [row.stage for row in coder.codings()] == [stage]


def test_letters_go_by_what_stands_on_the_key(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.page.evaluate(TYPE, ["j", "KeyJ", {}])
    coder.page.evaluate(TYPE, ["a", "KeyQ", {}])  # AZERTY's A
    assert coder.chosen == study.texts[1].text
    coder.page.evaluate(TYPE, ["q", "KeyA", {}])  # its Q is no key of ours
    coder.page.evaluate(TYPE, ["о", "KeyJ", {}])  # a Cyrillic J goes by its place
    coder.find("h3", has_text="R-003").wait_for()
    coder.page.evaluate(TYPE, ["1", "Digit1", {}])
    coder.page.evaluate(TYPE, ["z", "KeyW", {"ctrlKey": True}])  # AZERTY's Ctrl+Z
    coder.settled()
    assert coder.codings() == []
    coder.page.evaluate(TYPE, ["?", "KeyM", {"shiftKey": True}])
    coder.find("[role=dialog]").wait_for()


def test_a_slash_above_the_seven_searches_codes_instead_of_coding(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.page.evaluate(TYPE, ["/", "Digit7", {"shiftKey": True}])  # QWERTZ
    assert coder.page.evaluate("document.activeElement.dataset.find") == "codes"
    assert coder.codings() == []


def test_words_typed_into_fields_are_words(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.press("m")
    coder.page.keyboard.type("1 and 2, a n j k / ? delete")
    coder.press("Backspace", "ArrowLeft", "Escape")
    coder.settled()
    (row,) = coder.codings()
    assert (row.memo, row.stage) == ("1 and 2, a n j k / ? delet", None)
    assert coder.find("h3").inner_text() == "R-001"


def test_the_notebook_sees_no_key_of_the_widget_but_its_own_chords(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    # What JupyterLab and Notebook 7 do: in the capture phase, heed the attribute on the way up.
    coder.page.evaluate(
        """() => { window.heard = []; document.addEventListener('keydown', e => {
          if (!e.target.closest('[data-lm-suppress-shortcuts]'))
            window.heard.push((e.ctrlKey ? 'Ctrl+' : '') + e.key); }, true) }"""
    )
    stops = ("[data-desk]", ".stage", "textarea", ".item", ".valences button", "input[type=search]")
    for stop in stops:
        coder.find(stop).first.focus()
        coder.press("d", "d", "Shift+Enter", "Control+Enter", "Control+z", "Control+Shift+Z", "x")
        coder.press("Control+s")
    heard = coder.page.evaluate("heard.filter(k => !/(Control|Shift)$/.test(k))")
    assert heard == ["Ctrl+s"] * len(stops)
    # Outside the widget nothing is kept from the notebook.
    coder.page.evaluate("""heard.length = 0; document.body.tabIndex = 0; document.body.focus()""")
    coder.press("d", "a", "1")
    assert coder.page.evaluate("heard") == ["d", "a", "1"]


def test_the_guard_goes_with_the_view(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.page.evaluate(
        """() => { window.added = 0; const kept = document.querySelector('.cjm-coder');
          cjm.unmount('a'); document.body.append(kept); kept.tabIndex = 0; kept.focus(); }"""
    )
    coder.press("d")
    assert not coder.page.evaluate(
        "document.activeElement.hasAttribute('data-lm-suppress-shortcuts')"
    )


def test_everything_can_be_reached_by_tab_and_the_focus_is_always_seen(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.find("input[data-find=texts]").focus()
    reached = []
    for _ in range(25):
        seen = coder.page.evaluate(
            """() => { const at = document.activeElement; const s = getComputedStyle(at);
              const around = at.closest('.search, .scroll');
              const t = around ? getComputedStyle(around) : s;
              const shown = [s, t].some(x => (x.outlineStyle !== 'none' && x.outlineWidth !== '0px')
                || x.boxShadow !== 'none');
              return [at.className + (at.dataset.find ?? ''), shown] }"""
        )
        reached.append(seen)
        coder.press("Tab")
        if coder.page.evaluate("document.activeElement === document.body"):
            break
    names = " ".join(name for name, _ in reached)
    for stop in ("texts", "item", "page", "stage", "bad", "even", "branch", "memo", "all", "state"):
        assert stop in names or stop == "bad", names
    assert [name for name, shown in reached if not shown] == []


def test_bars_and_trees_are_walked_with_arrows_without_moving_the_text(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.press("j")
    coder.find(".stage").first.focus()
    coder.press("ArrowDown", "ArrowDown", "Enter")
    coder.settled()
    (row,) = coder.codings()
    assert row.stage == "decision"
    assert coder.chosen.startswith("Le comparatif")
    coder.find(".branch").first.focus()
    coder.press("ArrowLeft")
    assert coder.find(".branch").first.get_attribute("aria-expanded") == "false"
    coder.press("ArrowRight", "ArrowDown", "Space")
    coder.settled()
    assert coder.codings()[0].codes == ("payment-page",)


# -- keys of the coder's own


def recorder(coder: Any, what: str) -> Any:
    return coder.find(f".key[aria-label^='{what}']").first


def test_a_changed_key_works_is_shown_and_is_there_after_a_restart(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study)
    coder.press("?")
    coder.find("button", has_text="Change keys").click()
    recorder(coder, "Next text not yet coded").click()
    coder.press("g")
    assert recorder(coder, "Next text not yet coded").inner_text() == "G"
    recorder(coder, "Select the whole text").focus()
    coder.press("Enter", "Shift+W", "Escape")
    coder.page.wait_for_function("document.activeElement.hasAttribute('data-desk')")
    assert "G next to do" in " ".join(coder.find(".hints").inner_text().split())
    coder.press("1", "g")
    coder.find("h3", has_text="R-002").wait_for()
    coder.press("n")  # the old key is free
    coder.press("Shift+W")
    assert coder.chosen == study.texts[1].text
    coder.page.wait_for_timeout(600)
    assert study.marks["ana"]["keys"] == {"todo": "g", "whole": "Shift+w"}
    again = open_coder(study)
    again.press("Shift+W")
    assert again.chosen == study.texts[1].text
    again.press("?")
    sheet = again.find(".sheet").inner_text()
    assert "Shift W" in sheet
    again.find("button", has_text="Change keys").click()
    again.find("button", has_text="All keys as they were").click()
    again.press("Escape", "a")
    again.page.wait_for_timeout(600)
    assert study.marks["ana"]["keys"] == {}


def test_a_key_that_is_taken_or_not_to_be_had_is_told(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.press("?")
    coder.find("button", has_text="Change keys").click()
    recorder(coder, "Write a memo").click()
    for key, why in (
        ("j", "J is taken: Next or previous text"),
        ("5", "Numbers give stages"),
        ("Control+b", "belong to the browser"),
        ("F12", "cannot be had"),
    ):
        coder.press(key)
        assert why in coder.find(".recorder .why").inner_text()
        assert why in coder.find("[aria-live]").first.inner_text()
    coder.press("o")
    assert recorder(coder, "Write a memo").inner_text() == "O"
    coder.find("[aria-label='Write a memo: the usual key again']").click()
    assert recorder(coder, "Write a memo").inner_text() == "M"
    coder.press("Escape", "m")
    assert coder.page.evaluate("document.activeElement.dataset.find") == "memo"


def test_a_sign_of_another_keyboard_can_be_a_key(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    coder.press("?")
    coder.find("button", has_text="Change keys").click()
    recorder(coder, "Edit the codebook").focus()
    coder.press("Enter")
    coder.page.evaluate(TYPE, ["ö", "Semicolon", {}])  # QWERTZ
    coder.press("Escape")
    coder.page.wait_for_function("document.activeElement.hasAttribute('data-desk')")
    coder.page.evaluate(TYPE, ["ö", "Semicolon", {}])
    coder.find(".sheet.book").wait_for()
    coder.press("Escape")
    coder.page.evaluate(TYPE, ["é", "Digit2", {}])  # AZERTY's digits stay digits
    coder.settled()
    assert coder.codings()[0].stage == "consideration"
