"""The coding widget over 1,000,000 texts and 200,000 codings: opening, turning, searching, memory.

Each annotator works in a process of its own. The others keep all texts in memory and know no
pages, jumps or searches: for them the next text is measured, after a label.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.suggestions import TEXTS, _coded, _study
from benchmarks.tables import table

COMMON = """
import gc, json, random, resource, time
from pathlib import Path
TEXTS, TIMES = {texts}, 200
def memory():
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20
def took(work, *given):
    start, used = time.perf_counter(), time.process_time()
    answer = work(*given)
    return (time.process_time() - used, time.perf_counter() - start), answer
def usual(times):
    return [sorted(column)[len(times) // 2] for column in zip(*times)]
"""

OURS = """
import cjm_widgets as cjm
from cjm_widgets.model.desk import Query
import cjm_widgets.widgets.coder
chance = random.Random(1)
study = cjm.Study({study!r})
before = memory()
def ask(widget, do, **rest):
    answer = widget._conversation.answer(
        dict(v=1, id=str(chance.random()), session="size", do=do, **rest)
    )
    assert answer["ok"], answer
    return answer
def opened():
    widget = study.coder("ana")
    ask(widget, "open")
    page = ask(widget, "page", query={{}}, limit=30)["page"]
    return widget, page
first, (widget, page) = took(opened)
turns, jumps, found = [], [], []
for n in range(TIMES):
    spent, answer = took(lambda: ask(widget, "page", query={{}}, after=page["after"], limit=30))
    page = answer["page"]
    turns.append(spent)
    place = chance.randrange(TEXTS)
    jumps.append(took(lambda: ask(widget, "around", query={{}}, pos=place, limit=30))[0])
    word = {{"search": f"word{{n * 7 % 900}} word{{n % 5}}"}}
    spent, answer = took(lambda: ask(widget, "page", query=word, limit=30))
    assert not answer["page"]["unsearched"]
    found.append(spent)
print(json.dumps(dict(open=first, turn=usual(turns), jump=usual(jumps), search=usual(found),
                      slow=max(t for _, t in found), memory=memory() - before)))
"""

TEXTS_IN_MEMORY = """
before = memory()
texts = [f"Text number {{i}}, a comment about the checkout and the delivery, fourteen words"
         for i in range(TEXTS)]
"""

IPYANNOTATIONS = (
    TEXTS_IN_MEMORY
    + """
from ipyannotations.text import ClassLabeller
labels, state = [], iter(texts)
def opened():
    widget = ClassLabeller(options=["a", "b"], allow_freetext=False)
    widget.display(next(state))
    return widget
first, widget = took(opened)
def keep(label):
    labels.append(label)
    widget.display(next(state))
turns = [took(keep, "a")[0] for _ in range(TIMES)]
print(json.dumps(dict(open=first, turn=usual(turns), memory=memory() - before)))
"""
)

PIGEONXT = (
    TEXTS_IN_MEMORY
    + """
import io
from contextlib import redirect_stdout
import ipywidgets
from ipywidgets.widgets.widget import _instances
from pigeonXT import annotate
def opened():
    with redirect_stdout(io.StringIO()):
        return annotate(texts, options=["a", "b"], buttons_in_a_row=2)
first, labels = took(opened)
button = [w for w in _instances.values()
          if isinstance(w, ipywidgets.Button) and w.description == "a"][-1]
def click():
    with redirect_stdout(io.StringIO()):
        button.click()
turns = [took(click)[0] for _ in range(TIMES)]
print(json.dumps(dict(open=first, turn=usual(turns), memory=memory() - before)))
"""
)


def _measured(code: str, **given: Any) -> dict[str, Any]:
    script = (COMMON + code).format(texts=TEXTS, **given)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _shown(times: list[float] | None) -> str:
    """Processor time and, in brackets, time on the clock."""
    return (
        "–"
        if times is None
        else " ".join(
            form.format(1000 * t) for form, t in zip(("{:.1f}", "({:.1f}) ms"), times, strict=True)
        )
    )


def run() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        study = _study(Path(folder))
        _coded(study)
        study._store.index_words()
        study.close()
        for label, code in (
            ("cjm-widgets (on disk)", OURS),
            ("ipyannotations (memory)", IPYANNOTATIONS),
            ("pigeonXT (memory)", PIGEONXT),
        ):
            try:
                found = _measured(code, study=str(Path(folder) / "large.cjm"))
            except RuntimeError as error:
                rows.append((label, f"failed: {str(error).splitlines()[-1]}", *[""] * 4))
                continue
            times = [_shown(found.get(name)) for name in ("open", "turn", "jump", "search")]
            rows.append((label, *times, f"{found['memory']:.0f} MiB"))
    head = ("", "opens", "page (others: next text)", "jump", "search", "memory beyond the imports")
    table(head, rows)
