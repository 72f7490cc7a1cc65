"""What it looks like: hostile words, every theme and width, and for those who do not see."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from standin import Feedback, StandIn, Study

from browser import AXE, axe, picture
from cjm_widgets.model.desk import Op

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def code(study: Study, feedback: int, first: str, last: str, **what: Any) -> None:
    text = study.texts[feedback].text
    start = text.index(first)
    stop = text.index(last, start) + len(last)
    body = {"feedback": feedback, "start": start, "stop": stop, **what}
    op = Op(f"seed{study.seq}", "code", f"row{study.seq}", seen_version=1, body=body)
    assert StandIn(study).apply(op).ok


@pytest.fixture
def coded(study: Study) -> Study:
    code(study, 0, "J'ai trouvé", "publicité", stage="discovery")
    code(study, 0, "impossible", "offres.", stage="decision")
    code(study, 1, "Le comparatif", "gentil.", stage="consideration", valence=0.5)
    code(study, 1, "le conseiller", "gentil", stage="use", valence=1.0, codes=("adviser",))
    code(
        study,
        1,
        "Par contre",
        "client.",
        stage="purchase",
        valence=-1.0,
        codes=("payment-page", "payment-failed"),
        memo="Boucle 3-D Secure, voir R-017",
    )
    study.marks["ana"] = {"text": 1, "pos": 0, "sentence": 1}
    return study


def checked(coder: Any, name: str, least: int = 30) -> None:
    """A picture is kept, and axe-core finds nothing but has really looked at contrasts."""
    coder.page.wait_for_timeout(60)
    picture(coder.root.first, name)
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd js && npm install")
    found = axe(coder.page)
    assert found["violations"] == []
    assert found["contrasts"] > least


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("coder-light", {"language": "en"}),
        ("coder-dark", {"language": "en", "dark": True}),
        ("coder-light-fr", {"language": "fr"}),
        ("coder-900", {"language": "fr", "width": 940}),
        ("coder-600-dark", {"language": "en", "width": 640, "dark": True}),
    ],
)
def test_it_is_accessible_in_every_theme_language_and_width(
    open_coder: Open, coded: Study, name: str, options: dict[str, Any]
) -> None:
    checked(open_coder(coded, **options), name)


def test_a_page_broken_on_purpose_fails_the_same_check(open_coder: Open, coded: Study) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd js && npm install")
    coder = open_coder(coded)
    coder.page.evaluate(
        """() => { const bare = document.createElement('input');
          document.querySelector('.cjm-coder .side').append(bare);
          document.querySelector('.stage .name').style.color = '#b9bec8'; }"""
    )
    found = {name for name, _ in axe(coder.page)["violations"]}
    assert {"label", "color-contrast"} <= found


@pytest.mark.parametrize("dark", [False, True])
def test_sheets_and_popovers_are_accessible_too(open_coder: Open, coded: Study, dark: bool) -> None:
    coder = open_coder(coded, width=940, dark=dark)
    theme = "dark" if dark else "light"
    coder.find(".for-queue").first.click()
    checked(coder, f"coder-drawer-{theme}")
    coder.press("Escape", "m")
    coder.page.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")
    checked(coder, f"coder-sheet-{theme}")
    coder.press("Escape", "Escape", "?")
    checked(coder, f"coder-keys-{theme}")
    coder.press("Escape")
    coder.find(".filters button").first.click()
    checked(coder, f"coder-filters-{theme}")
    coder.press("Escape")
    coded.refuse = "conflict"
    coder.press("ArrowDown", "2")
    coder.find(".state[data-state=unsaved]").wait_for()
    coder.find(".state").click()
    checked(coder, f"coder-unsaved-{theme}")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("light", {}),
        ("dark-fr", {"dark": True, "language": "fr"}),
        ("900-fr", {"width": 940, "language": "fr"}),
        ("600-dark", {"width": 640, "dark": True}),
    ],
)
def test_the_editor_of_the_codebook_and_of_keys_is_accessible(
    open_coder: Open, coded: Study, name: str, options: dict[str, Any]
) -> None:
    coder = open_coder(coded, **options)
    coder.press("c", "Tab", "ArrowDown", "ArrowDown")
    coder.find(".form button[aria-expanded]").click()
    coder.find(".splitting textarea").fill("card refused\npage broke off")
    checked(coder, f"coder-book-{name}", 20)
    coder.press("Escape", "?")
    coder.find(".sheet .framed").first.click()
    coder.find(".key").first.click()
    checked(coder, f"coder-own-keys-{name}")


def test_at_two_hundred_per_cent_everything_is_reached_and_the_focus_is_seen(
    open_coder: Open, coded: Study
) -> None:
    coder = open_coder(coded, width=640, height=430, context={"device_scale_factor": 2})
    checked(coder, "coder-zoom")
    wide = coder.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wide
    coder.press("ArrowDown", "2", "/")
    coder.page.wait_for_function("document.activeElement.dataset.find === 'codes'")
    coder.page.keyboard.type("late")
    coder.press("Enter", "Escape", "Escape")
    coder.settled()
    assert any(row.codes == ("late",) for row in coder.codings())
    for panel in ("c", "?", "m"):
        coder.press(panel)
        coder.page.wait_for_timeout(60)
        for _ in range(14):
            coder.press("Tab")
            seen = coder.page.evaluate(
                """() => { const at = document.activeElement; const b = at.getBoundingClientRect();
                  const root = document.querySelector('.cjm-coder').getBoundingClientRect();
                  if (at === document.body) return true;
                  const inside = b.right > root.left && b.left < root.right
                    && b.bottom > root.top && b.top < root.bottom;
                  const x = Math.min(b.left + b.width / 2, innerWidth - 1);
                  const y = Math.min(b.top + b.height / 2, innerHeight - 1);
                  const on = document.elementFromPoint(x, y);
                  return inside && (!on || at.contains(on) || on.contains(at)
                    || b.top > innerHeight || !!on.closest('label')?.contains(at)) }"""
            )
            assert seen, (panel, coder.page.evaluate("document.activeElement.outerHTML"))
        picture(coder.root.first, f"coder-zoom-{'help' if panel == '?' else panel}")
        coder.press("Escape", "Escape")
        coder.desk.focus()


def test_below_a_thousand_pixels_the_queue_is_a_drawer_and_the_codes_a_sheet(
    open_coder: Open, coded: Study
) -> None:
    coder = open_coder(coded, width=940)
    assert not coder.find(".queue").is_visible()
    assert not coder.find(".side").is_visible()
    coder.find("button[aria-label=Texts]").click()
    assert coder.find(".queue").is_visible()
    coder.find(".item", has_text="R-003").click()
    coder.find("h3", has_text="R-003").wait_for()
    assert not coder.find(".queue").is_visible()
    coder.press("3")  # the keys work without the sheet
    coder.find(".saying", has_text="Decision").wait_for()
    coder.press("/")
    coder.page.wait_for_function("document.activeElement.dataset.find === 'codes'")
    coder.page.keyboard.type("late")
    coder.press("Enter", "Escape", "Escape")
    coder.find("[data-desk]").focus()
    coder.press("Escape")
    assert not coder.find(".side").is_visible()
    coder.settled()
    assert coder.codings()[-1].codes == ("late",)
    words = coder.find(".words").bounding_box()
    gutter = coder.find(".gutter").bounding_box()
    assert words["x"] + words["width"] <= gutter["x"]


def test_nothing_sticks_out_of_the_widget(open_coder: Open, coded: Study) -> None:
    coder = open_coder(coded, language="fr")
    for width in (600, 760, 900, 1000, 1400):
        coder.page.set_viewport_size({"width": width + 40, "height": 860})
        wide = coder.page.evaluate(
            """() => { const root = document.querySelector('.cjm-coder');
              const box = root.getBoundingClientRect();
              return [...root.querySelectorAll('.top *, .heading *, .page, .foot > *')]
                .filter(e => e.offsetParent && e.getBoundingClientRect().right > box.right + 0.5)
                .map(e => e.className) }"""
        )
        assert wide == [], width


def test_hostile_words_are_words(open_coder: Open, shared_data: Path) -> None:
    attacks = (shared_data / "nasty/xss_60.txt").read_text("utf-8").splitlines()
    naughty = json.loads((shared_data / "nasty/blns.json").read_text("utf-8"))
    words = [word for word in [*attacks, *naughty] if word.strip()]
    words = [word.encode("utf-8", "replace").decode("utf-8").replace("\0", "") for word in words]
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    study = Study(
        [
            Feedback("\n".join(words), title=evil, channel=evil, persona=evil, language=evil),
            *(Feedback(word, title=word[:80]) for word in attacks),
        ],
        stages=((evil, evil, evil), ("two", "two", "two")),
        codes=((evil, evil, "theme", None, evil), ("b", "b", evil, evil, "")),
    )
    coder = open_coder(study)
    shown = coder.page.evaluate(
        "[...document.querySelectorAll('.words')].map(e => e.textContent).join('')"
    )
    assert shown == study.texts[0].text
    coder.press("1", "m")
    coder.page.keyboard.type(evil)
    coder.press("Control+Enter", "ArrowDown", "2", "/")
    coder.page.keyboard.type("<img")
    coder.press("Enter", "Escape", "f")
    coder.page.keyboard.type("<script>")
    coder.press("Enter", "Escape")
    for _ in range(12):
        coder.press("j", "1")
    coder.settled()
    tags = coder.page.evaluate(
        "document.querySelectorAll('.cjm-coder :is(script, img, iframe, object, a, style)').length"
    )
    assert tags == 0
    picture(coder.root.first, "coder-hostile")


def test_a_long_dense_text_in_many_scripts_is_drawn_legibly(open_coder: Open) -> None:
    talk = (
        "Interviewer: How did it go?\nCustomer: Well 👍🏽, the shop was easy to find and the "
        "adviser knew her job, but the payment broke off three times. I had to call.\n\n"
        "זה היה טוב מאוד, אבל המשלוח איחר ביומיים.\nكان الموقع بطيئًا جدًا في البداية.\n"
        "配送很快，但是包装坏了。\n"
    )
    study = Study([Feedback(talk * 6, title="P-07", channel="interview")])
    for first, last, stage in (
        ("Well", "call.", "purchase"),
        ("the shop", "her job", "discovery"),
        ("the adviser", "three times", "use"),
        ("knew", "broke", "advocacy"),
        ("זה היה", "ביומיים", "decision"),
        ("המשלוח", "איחר", "use"),
        ("كان", "بطيئًا", "consideration"),
        ("配送", "坏了", "use"),
    ):
        code(study, 0, first, last, stage=stage, valence=0.5, codes=("late",))
    coder = open_coder(study)
    coder.press("ArrowDown")
    coder.page.wait_for_timeout(60)
    picture(coder.root.first, "coder-dense")
    dirs = coder.page.evaluate(
        """[...document.querySelectorAll('.words p')].slice(0, 5)
          .map(p => getComputedStyle(p).direction)"""
    )
    assert dirs == ["ltr", "ltr", "ltr", "rtl", "rtl"]
    for _ in range(40):
        coder.press("ArrowDown")
    seen = coder.page.evaluate(
        """() => { const pane = document.querySelector('.scroll').getBoundingClientRect();
          const at = document.querySelector('.chosen').getBoundingClientRect();
          return at.top >= pane.top && at.bottom <= pane.bottom && window.scrollY === 0 }"""
    )
    assert seen


def test_the_theme_follows_the_notebook_while_it_is_open(open_coder: Open, study: Study) -> None:
    coder = open_coder(study)
    assert coder.root.get_attribute("data-theme") == "light"
    coder.page.evaluate("document.body.setAttribute('data-jp-theme-light', 'false')")
    coder.page.wait_for_selector(".cjm-coder[data-theme=dark]")
    coder.page.evaluate("cjm.wires.get('a').model.set('theme', 'light')")
    coder.page.wait_for_selector(".cjm-coder[data-theme=light]")
    coder.page.evaluate("cjm.wires.get('a').model.set('language', 'fr')")
    coder.find(".stage", has_text="Achat").wait_for()


def test_a_dark_browser_outside_of_jupyter_gets_the_dark_widget(
    open_coder: Open, study: Study
) -> None:
    coder = open_coder(study, mount=False, context={"color_scheme": "dark"})
    coder.page.evaluate("document.body.removeAttribute('data-jp-theme-light')")
    coder.mount()
    assert coder.root.get_attribute("data-theme") == "dark"


def test_a_study_that_cannot_be_opened_says_why_and_tries_again(
    open_coder: Open, study: Study
) -> None:
    from cjm_widgets.errors import LostFile

    coder = open_coder(study, mount=False)
    widget_study = coder.study
    original = StandIn.open
    calls = []

    def open_later(self: StandIn) -> Any:
        calls.append(1)
        if len(calls) == 2:  # the constructor opens first
            raise LostFile("gone")
        return original(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StandIn, "open", open_later)
        coder.mount()
        coder.find("text=file is gone").wait_for()
        coder.find(".waiting button").click()
        coder.ready()
    assert widget_study.rows == {}
