"""What a coder sees on a text of 300,000 characters with 2,000 passages, in Chromium's timeline.

The real widget on a real study on disk, in a page that holds nothing else. For each key the
renderer's main thread is followed from the key's event to the commit of the frame that shows
it: ``work`` is the time it was busy, ``to paint`` the time that passed, with the wait for the
screen's next frame (up to 16.7 ms). For scrolling each frame's work counts. The page answers
the kernel's messages in this process, so work on the receipt is in the numbers too.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.tables import percentile, table
from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.desk import Op, Query
from cjm_widgets.model.journey import Journey
from cjm_widgets.store.desks.desk import StoreDesk
from cjm_widgets.store.store import Store

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/widgets")]

LENGTH, PASSAGES = 300_000, 2_000
ACTS, STEPS = 60, 240
CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline"]
OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
CHROMIUM = Path("/usr/bin/chromium")

VOCABULARY = (
    "the delivery payment adviser shop order came late early never again friendly page account "
    "refund twice asked waiting answer nobody parcel queue price simple broke off called said "
    "yesterday before after and but with without because customer service help found lost"
)


def interview(length: int = LENGTH) -> str:
    """Turns of a few sentences each, as an interview has them."""
    chance, known = random.Random(4), VOCABULARY.split()
    turns, size = [], 0
    while size < length:
        sentences = []
        for _ in range(chance.randint(1, 9)):
            words = [chance.choice(known) for _ in range(chance.randint(5, 22))]
            sentences.append(" ".join(words).capitalize() + ".")
        turns.append(" ".join(sentences))
        size += len(turns[-1]) + 1
    return "\n".join(turns)[:length]


def coded_in(folder: Path) -> Store:
    """A study with the one text, coded by ana."""
    text = interview()
    chance = random.Random(5)
    store = Store.open(folder / "long.cjm", name="Long")
    journey = Journey.preset("six")
    store.set_journey(journey, "ana")
    codes = tuple(Code(f"code-{n:02}", f"code {n:02}", "theme") for n in range(60))
    store.set_codebook(Codebook(codes), "ana")
    store.add([_rows(text)], source="talk.csv")
    desk = StoreDesk(store, "ana")
    starts = sorted(chance.randrange(0, LENGTH - 400) for _ in range(PASSAGES))
    number = desk.page(Query()).items[0].id
    for at, start in enumerate(starts):
        body = {
            "feedback": number,
            "start": start,
            "stop": start + chance.randint(20, 300),
            "stage": chance.choice(journey.stages).key,
            "valence": chance.choice((-1.0, -0.5, 0.0, 0.5, 1.0)),
            "codes": (f"code-{chance.randrange(60):02}",),
        }
        receipt = desk.apply(Op(f"op{at}", "code", f"row{at}", seen_version=1, body=body))
        assert receipt.ok, receipt.say
    return store


def _rows(text: str) -> pd.DataFrame:
    blank = pd.Series([None], dtype="str")
    kinds = {"row": "int64", "at": "datetime64[us]", "valence": "float64"}
    given = {"row": 2, "id": "1", "text": text, "respondent": "P-01", "language": "en"}
    names = ("channel", "touchpoint", "stage", "at", "valence")
    columns = {name: pd.Series([value]) for name, value in given.items()}
    columns |= dict.fromkeys(names, blank)
    return pd.DataFrame({n: c.astype(kinds.get(n, "str")) for n, c in columns.items()})


class Trace:
    """The main thread of a page while something is done."""

    def __init__(self, raw: bytes) -> None:
        events = json.loads(raw)["traceEvents"]
        commits = [e for e in events if e["name"] == "Commit" and e["ph"] == "X"]
        thread = max(
            {(e["pid"], e["tid"]) for e in commits},
            key=lambda t: sum((e["pid"], e["tid"]) == t for e in commits),
        )
        mine = [e for e in events if (e["pid"], e["tid"]) == thread and e["ph"] == "X"]
        self.tasks = sorted(
            (e["ts"], e["dur"], e.get("tdur", e["dur"])) for e in mine if e["name"] == "RunTask"
        )
        self.commits = sorted(e["ts"] + e["dur"] for e in mine if e["name"] == "Commit")
        self.keys = sorted(
            e["ts"]
            for e in mine
            if e["name"] == "EventDispatch" and e["args"]["data"]["type"] == "keydown"
        )

    def busy(self, start: float, stop: float) -> float:
        """Seconds of processor time of the main thread between two times of the trace."""
        found = 0.0
        for begin, lasted, worked in self.tasks:
            inside = min(begin + lasted, stop) - max(begin, start)
            if inside > 0:
                found += worked * inside / lasted
        return found / 1e6

    def acts(self) -> Iterator[tuple[float, float]]:
        """Of each key the work until the frame that shows it, and the time; in seconds."""
        for key in self.keys:
            shown = next((end for end in self.commits if end > key), None)
            if shown is not None:
                yield self.busy(key, shown), (shown - key) / 1e6

    def frames(self) -> Iterator[float]:
        """The work for each frame, in seconds."""
        for before, now in zip(self.commits, self.commits[1:], strict=False):
            yield self.busy(before, now)


def traced(browser: Browser, page: Page, act: Callable[[], None]) -> Trace:
    """What the page does while something is done to it."""
    browser.start_tracing(page=page, categories=CATEGORIES)
    act()
    page.wait_for_timeout(300)
    return Trace(browser.stop_tracing())


def _pressing(page: Page, *keys: str) -> Callable[[], None]:
    def act() -> None:
        for at in range(ACTS):
            page.keyboard.press(keys[at % len(keys)])
            page.wait_for_timeout(60)

    return act


def _scrolling(page: Page) -> Callable[[], None]:
    def act() -> None:
        for at in range(STEPS):
            page.mouse.wheel(0, 240 if at < STEPS * 2 / 3 else -480)
            page.wait_for_timeout(16)

    return act


def shown(name: str, work: list[float], waits: list[float]) -> tuple[str, ...]:
    def told(values: list[float], share: float) -> str:
        return f"{percentile(values, share) * 1000:.1f} ms" if values else ""

    return (name, told(work, 0.5), told(work, 0.99), told(waits, 0.5), told(waits, 0.99))


def measure(browser: Browser, store: Store) -> list[tuple[str, ...]]:
    """The rows of the table."""
    from host import Coder, blank
    from standin import Study

    from browser import quiet_page

    rows = []
    with quiet_page(browser, blank(), width=1240, height=860) as (page, troubles):
        coder = Coder(page, Study([]), troubles)
        coder.mount(desk=StoreDesk(store, "ana"))
        coder.ready()
        page.wait_for_timeout(500)
        for name, keys in (
            ("walk to the next sentence", ("ArrowDown",)),
            ("give a stage: a new coding", ("ArrowDown", "3")),
            ("another stage, a valence", ("1", "ArrowLeft", "2", "ArrowRight")),
            ("undo", ("Control+z",)),
            ("redo", ("Control+y",)),
        ):
            trace = traced(browser, page, _pressing(page, *keys))
            acts = list(trace.acts())
            if keys == ("ArrowDown", "3"):
                acts = acts[1::2]
            if len(keys[0]) > 6:  # the key that is held down is an event as well
                acts = acts[1::2] if keys[0].startswith("Control") else acts
            rows.append(shown(name, [a for a, _ in acts], [b for _, b in acts]))
        page.mouse.move(600, 500)
        trace = traced(browser, page, _scrolling(page))
        rows.append(shown("scroll: a frame", list(trace.frames()), []))
    return rows


def run() -> None:
    executable = str(CHROMIUM) if CHROMIUM.exists() else None
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=OPTIONS)
        try:
            with coded_in(Path(folder)) as store:
                rows = measure(browser, store)
        finally:
            browser.close()
    table(("", "work p50", "p99", "to paint p50", "p99"), rows)
