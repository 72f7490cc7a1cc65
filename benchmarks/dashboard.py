"""From a coding to the figures that show it, by the study's size: in the kernel and in Chromium.

Kernel: processor time from the receipt to the patch that is sent, for a coding and for its undo,
beside a map made from the beginning in the same process. Chromium: the dashboard in a page that
holds nothing else, from the key to the first frame after the curve's patch was applied; the page
and the kernel share this machine.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import maps
from benchmarks.tables import table

if TYPE_CHECKING:
    import cjm_widgets as cjm

ROOT = Path(__file__).resolve().parent.parent
CODINGS, KEYS = 9, 8
SIZES = (250, 1_000, 10_000, 200_000)
OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
CHROMIUM = Path("/usr/bin/chromium")
# Remembers when a key was pressed, and when the first frame came after the curve's own words
# had changed: they change together with the patch of the picture.
WATCH = """() => {
  const table = document.querySelector('.cjm-board table.unseen');
  window.seen = [];
  let key = 0;
  window.addEventListener('keydown', () => { key = performance.now(); }, true);
  new MutationObserver(() => { const began = key; if (!began) return; key = 0;
    requestAnimationFrame(() => requestAnimationFrame(
      () => window.seen.push(performance.now() - began))); })
    .observe(table, {subtree: true, childList: true, characterData: true}); }"""


def run() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for size in SIZES:
            with _study(Path(name) / f"{size}.cjm", size) as study:
                rows.append((f"{size:,}", *_kernel(study), _page(study)))
    head = ("coding to patch", "undo to patch", "a whole map", "patch", "key to paint")
    table(("coded passages", *head), rows)
    print("\nMedians; processor time of the kernel but for the last column, time on the clock.")


@contextmanager
def _study(path: Path, size: int) -> Iterator[cjm.Study]:
    import cjm_widgets as cjm

    with cjm.Study(path, journey="six" if size > 10_000 else None) as study:
        if size > 10_000:
            maps.coded_in(study, size // 8)
        else:
            study.add(maps.comments(size), valence="valence", valence_scale=(-1, 1))
        yield study


def _kernel(study: cjm.Study) -> tuple[str, str, str, str]:
    stage = next(iter(study.journey)).key
    board = study.dashboard("ana")
    sent: list[Any] = []
    board.send = lambda content, buffers=None: sent.append(content)
    board._watch.start = lambda: None  # type: ignore[method-assign]  # looked by hand, and timed
    _say(board, do="board", want="open")
    codes, undone = [], []
    for turn in range(CODINGS):
        body = {"feedback": 1 + turn, "start": 0, "stop": 9, "stage": stage, "valence": 1.0}
        ids = {"op": uuid.uuid4().hex, "row": uuid.uuid4().hex}
        _say(board, do="apply", act="code", seen_version=1, body=body, **ids)
        codes.append(_used(board._look))
        length = len(str(sent[-1]))
        _say(board, do="apply", act="undo", op=uuid.uuid4().hex, expect=None)
        undone.append(_used(board._look))
    board.close()
    whole = [_used(lambda: _fresh(study)) for _ in range(3)]
    return _usual(codes), _usual(undone), _usual(whole), f"{length / 1024:.0f} KiB"


def _fresh(study: cjm.Study) -> None:
    study._cache.clear()
    study.map(filters=False)


def _page(study: cjm.Study) -> str:
    """From a key that moves a passage to another stage to the frame whose curve shows it."""
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/live")]
    from board_host import BoardPage, blank
    from playwright.sync_api import sync_playwright

    from browser import quiet_page

    chromium = str(CHROMIUM) if CHROMIUM.exists() else None
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=OPTIONS)
        with quiet_page(browser, blank(), width=1500, height=1000) as (page, troubles):
            page.set_default_timeout(120_000)
            board = BoardPage(page, study.dashboard("ben"), troubles)
            board.ready()
            board.find("[data-desk]").first.focus()
            # A passage that counts in the curve; then it goes from stage to stage.
            for key in ("1", "ArrowRight"):
                page.keyboard.press(key)
                page.wait_for_timeout(2_000)
            page.evaluate(WATCH)
            for turn in range(KEYS):
                page.keyboard.press("21"[turn % 2])
                page.wait_for_function(f"window.seen.length > {turn}")
                page.wait_for_timeout(300)
            seen: list[float] = page.evaluate("window.seen")
            board.widget.close()
    return f"{statistics.median(seen):.0f} ms"


def _used(work: Any) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _usual(times: list[float]) -> str:
    return f"{statistics.median(times) * 1000:.0f} ms"


def _say(board: Any, **fields: object) -> None:
    message = {"v": 1, "id": uuid.uuid4().hex, "session": "bench", **fields}
    board._handle_custom_msg(message, [])
