"""Turning, coding and paging in the widget on a study of any size, in Chromium's timeline."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page

import cjm_widgets as cjm
from benchmarks.coder import shown, traced


def _pressing(page: Page, steps: int, *keys: str) -> Callable[[], None]:
    def act() -> None:
        for at in range(steps):
            page.keyboard.press(keys[at % len(keys)])
            page.wait_for_timeout(120)

    return act


def measure(browser: Browser, study: cjm.Study, steps: int) -> list[tuple[str, ...]]:
    """The rows of the table: work and time from a key to the frame that shows what it did."""
    from host import Coder, blank
    from standin import Study

    from browser import quiet_page

    rows = []
    with quiet_page(browser, blank(), width=1240, height=860) as (page, troubles):
        coder = Coder(page, Study([]), troubles)
        coder.mount(desk=study.coder("yve")._desk)
        coder.ready()
        page.wait_for_timeout(1_000)
        for name, keys in (
            ("give a stage", ("3", "1")),
            ("the next text, fetched ahead", ("j",)),
            ("the next page, fetched ahead", ("Enter",)),
        ):
            if keys == ("Enter",):
                coder.find(".pager .last").first.focus()
            acts = list(traced(browser, page, _pressing(page, steps, *keys)).acts())
            rows.append(shown(name, [a for a, _ in acts], [b for _, b in acts]))
    return rows
