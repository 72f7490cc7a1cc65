"""The coding widget over 1,000,000 texts and 200,000 codings: opening, turning, searching, memory.

Each annotator works in a process of its own. Times are processor time of the thread that answers
and, in brackets, time on the clock. What an annotator cannot do at all is said.

Making the study takes some minutes. With ``CJM_LARGE=/folder`` it is made there once and found
again by the next run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cjm_widgets as cjm
from benchmarks import large, peers
from benchmarks.tables import milliseconds, percentile, table

SAVES = 300
STEPS = 60

OURS = """
import cjm_widgets as cjm
import cjm_widgets.widgets.coder
chance = random.Random(1)
def ask(widget, do, **rest):
    answer = widget._conversation.answer(
        dict(v=1, id=str(chance.random()), session="size", do=do, **rest)
    )
    assert answer["ok"], answer
    return answer
def opened(study):
    widget = study.coder("ana")
    ask(widget, "open")
    page = ask(widget, "page", query={{}}, limit=30)["page"]
    ask(widget, "text", text=page["items"][0]["id"])
    return widget, page
before = memory()
study = cjm.Study(os.environ["LARGE"])
first, (widget, page) = took(opened, study)
turns, jumps, texts = [], [], []
for n in range(TIMES):
    spent, answer = took(lambda: ask(widget, "page", query={{}}, after=page["after"], limit=30))
    page = answer["page"]
    turns.append(spent)
    place = chance.randrange(TEXTS)
    jumps.append(took(lambda: ask(widget, "around", query={{}}, pos=place, limit=30))[0])
    texts.append(took(lambda: ask(widget, "text", text=place + 1))[0])
found = {{}}
for kind, words in {searches}.items():
    found[kind] = []
    for n in range(TIMES // 4):
        query = {{"search": words[n % len(words)]}}
        spent, answer = took(lambda: ask(widget, "page", query=query, limit=30))
        assert not answer["page"]["unsearched"]
        found[kind].append(spent)
print(json.dumps(dict(open=first, turn=turns, jump=jumps, text=texts, search=found,
                      memory=memory() - before)))
"""

SEARCHES = {
    "a rare word": ["telfaçade", "bileportprob", "chèquetraclient", "hotelsûrverde"],
    "the most common word, as it is typed": ["d", "de", "del", "deli", "delivery"],
    "two common words": ["the and", "was not", "delivery the"],
    "two common words with accents": ["très réponse", "TRÈS REPONSE", "tres reponse"],
    "a common beginning and a rare word": ["deli telfa", "rep chèque"],
    "a word that no text has": ["zzz", "qqqq"],
}

KERNEL = """
import os
import cjm_widgets as cjm
study = cjm.Study(os.environ["LARGE"])
widget = study.coder("zoe")
widget._handle_custom_msg = timed(widget._handle_custom_msg)
print(widget.comm.comm_id)
"""


@contextmanager
def _studies() -> Iterator[tuple[Path, Path]]:
    """The large study, and one of a twentieth of its texts and half of its codings."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.environ.get("CJM_LARGE") or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        whole, small = folder / "large.cjm", Path(scratch) / "small.cjm"
        if not whole.exists():
            with cjm.Study(folder / "half-made.cjm", journey="six") as study:
                large.make(study, folder)
            (folder / "half-made.cjm").rename(whole)
        with cjm.Study(small, journey="six") as study:
            large.make(study, Path(scratch), large.TEXTS // 20, large.CODED // 2)
        yield whole, small


def _measured(code: str, **known: str) -> dict[str, Any]:
    """What a process of its own prints as its last line."""
    done = subprocess.run(
        [sys.executable, "-c", peers.COMMON.format(texts=large.TEXTS) + code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **known},
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _told(times: list[list[float]], share: float = 0.5) -> str:
    """Processor time of the thread and, in brackets, time on the clock."""
    work, clock = (percentile(column, share) * 1000 for column in zip(*times, strict=True))
    return f"{work:.1f} ({clock:.1f}) ms"


def _ours(found: dict[str, Any], small: float) -> None:
    rows = [
        ("open the widget, first page and text", _told([found["open"]]), "", "1 s"),
        ("a page of 30, the next one", _told(found["turn"]), _told(found["turn"], 0.99), "100 ms"),
        ("jump to any place", _told(found["jump"]), _told(found["jump"], 0.99), "100 ms"),
        ("a text", _told(found["text"]), _told(found["text"], 0.99), "100 ms"),
        *(
            (f"search: {kind}", _told(times), _told(times, 0.99), "100 ms")
            for kind, times in found["search"].items()
        ),
        ("memory beyond the imports", f"{found['memory']:.0f} MiB", "", "does not grow"),
        ("the same, of 50,000 texts and 100,000 codings", f"{small:.0f} MiB", "", ""),
    ]
    table(("in the kernel", "p50", "p99", "aim"), rows)


def _saving(whole: Path) -> None:
    """A label to its receipt in a live kernel."""
    from benchmarks.saving import Kernel, apply_message

    os.environ["LARGE"] = str(whole)
    with tempfile.TemporaryDirectory() as folder:
        kernel = Kernel(Path(folder), KERNEL)
        try:
            trips = [kernel.send(apply_message(at), True) for at in range(SAVES)]
        finally:
            kernel.stop()
    shown = [milliseconds(percentile(trips, share)) for share in (0.5, 0.99)]
    table(
        ("in a live kernel, on the clock", "p50", "p99", "aim"),
        [("a label until it is known to be saved", *shown, "150 ms at p99")],
    )


def _others() -> None:
    rows = []
    for label, code, lacks in peers.PEERS:
        try:
            found = _measured(code)
        except RuntimeError as error:
            rows.append((label, f"could not: {error}", "", "", lacks))
            continue
        turn = _told(found["turn"]) if found.get("turn") else "in the page"
        label_cost = _told(found["label"]) if found.get("label") else turn
        opened = _told([found["open"]])
        rows.append((label, opened, label_cost, f"{found['memory']:.0f} MiB", lacks))
    head = ("the others, texts in memory", "opens", "a label, to the next text", "memory", "lacks")
    table(head, rows)


def _in_the_page(whole: Path) -> None:
    """What the coder does and sees, in Chromium."""
    from playwright.sync_api import sync_playwright

    from benchmarks import coder, page

    executable = str(coder.CHROMIUM) if coder.CHROMIUM.exists() else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=coder.OPTIONS)
        try:
            with cjm.Study(whole) as study:
                rows = page.measure(browser, study, STEPS)
        finally:
            browser.close()
    table(("in the page", "work p50", "p99", "to paint p50", "p99"), rows)


def run() -> None:
    with _studies() as (whole, small):
        code = OURS.format(searches=repr(SEARCHES))
        few = _measured(code.replace("TEXTS)", "50_000)"), LARGE=str(small))
        _ours(_measured(code, LARGE=str(whole)), few["memory"])
        print(flush=True)
        _saving(whole)
        print(flush=True)
        _in_the_page(whole)
    print(flush=True)
    _others()
