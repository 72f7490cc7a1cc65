"""What other annotators in notebooks do on a million texts, each as a script of its own.

The last line a script prints is JSON: `open`, `turn` (a label, then the next text) or `label` (what
the kernel does with a label where the page has all texts), and `memory` beyond its imports.
"""

from __future__ import annotations

COMMON = """
import gc, io, json, os, random, resource, tempfile, time
from contextlib import redirect_stdout
from pathlib import Path
TEXTS, TIMES = {texts}, 200
def memory():
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20
def took(work, *given):
    start, used = time.perf_counter(), time.thread_time()
    answer = work(*given)
    return (time.thread_time() - used, time.perf_counter() - start), answer
def texts_of():
    return [f"Text number {{i}}, a comment about the checkout and the delivery, fourteen words"
            for i in range(TEXTS)]
"""

IPYANNOTATIONS = """
from ipyannotations.text import ClassLabeller
before = memory()
texts = texts_of()
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
print(json.dumps(dict(open=first, turn=turns, memory=memory() - before)))
"""

PIGEONXT = """
import ipywidgets
from ipywidgets.widgets.widget import _instances
from pigeonXT import annotate
before = memory()
texts = texts_of()
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
print(json.dumps(dict(open=first, turn=turns, memory=memory() - before)))
"""

SPANMARK = """
from spanmark import AnnotationSession
before = memory()
texts = [{"id": str(i), "text": text} for i, text in enumerate(texts_of())]
folder = tempfile.TemporaryDirectory()
def opened():
    return AnnotationSession(texts, ["a", "b"], Path(folder.name) / "out.jsonl")
first, session = took(opened)
def label():
    session.widget.spans = [{"id": "1", "start": 0, "end": 4, "label": "a", "source": "human"}]
    session.decide("accept")
try:
    took(label)
except Exception:
    label = lambda: session.decide("accept")
turns = [took(label)[0] for _ in range(5)]
size = memory() - before
print(json.dumps(dict(open=first, turn=turns, memory=size)), flush=True)
os._exit(0)  # its end writes all million texts anew
"""

JUPYTERANNOTATE = """
from jupyterannotate import AnnotateWidget
before = memory()
texts = texts_of()
def opened():
    widget = AnnotateWidget(docs=texts, labels=["a", "b"])
    # What goes to the page: every text.
    return widget, json.dumps(widget.get_state())
first, (widget, sent) = took(opened)
spans = [[] for _ in range(TEXTS)]
spans[0] = [{"start": 0, "end": 4, "text": "Text", "label": "a"}]
said = json.dumps({"spans": spans})
def label():
    widget.set_state(json.loads(said))
turns = [took(label)[0] for _ in range(5)]
print(json.dumps(dict(open=first, label=turns, memory=memory() - before)))
"""

_NONE = "pages, jumps, search, several coders; labels are lost with the kernel"

PEERS = (
    ("ipyannotations", IPYANNOTATIONS, _NONE),
    ("pigeonXT", PIGEONXT, _NONE),
    ("spanmark", SPANMARK, "pages, jumps, search, several coders; keeps labels in a file"),
    (
        "jupyterannotate",
        JUPYTERANNOTATE,
        f"{_NONE}; all texts go to the page, all labels come back with each",
    ),
)
"""Name, script, what it cannot do."""
