"""A label to "saved" in a live kernel, beside a bare fdatasync and other annotators.

A kernel is started as Jupyter starts one. The client sends what the browser would send
when a label is given, and waits for what the browser would wait for: our receipt, which
comes after the commit; for the others, which keep labels in memory only, the end of the
kernel's work on the message. ``kernel`` is the time in the kernel alone. The bare write
stands beside each label in the same process, since disks change their speed by the minute.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_client.manager import start_new_kernel

from benchmarks.tables import milliseconds, percentile, table

LABELS, WARM_UP = 1000, 50

TIMING = """
import time
handled = []
def timed(handler):
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        try:
            return handler(*args, **kwargs)
        finally:
            handled.append(time.perf_counter() - start)
    return wrapper
texts = [f"Text number {i}, a comment about the checkout and the delivery." for i in range(10_000)]
"""

OURS = """
import pandas as pd
import cjm_widgets as cjm
study = cjm.Study("bench.cjm", journey="six")
study.add(pd.DataFrame({"text": texts}), text="text")
widget = study.coder("ana")
import os
answer, handle = widget._conversation.answer, timed(widget._handle_custom_msg)
written, bare = [], []
def timed_answer(message):
    start = time.perf_counter()
    try:
        return answer(message)
    finally:
        written.append(time.perf_counter() - start)
scratch = os.open("bare", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
def handle_beside_a_bare_write(*args):
    handle(*args)
    start = time.perf_counter()
    os.write(scratch, b"x" * 200)
    os.fdatasync(scratch)
    bare.append(time.perf_counter() - start)
widget._conversation.answer = timed_answer
widget._handle_custom_msg = handle_beside_a_bare_write
print(widget.comm.comm_id)
"""

IPYANNOTATIONS = """
from ipyannotations.text import ClassLabeller
widget = ClassLabeller(options=["a", "b"], allow_freetext=False)
labels = []
state = iter(texts)
widget.display(next(state))
def keep(label):
    labels.append(label)
    widget.display(next(state))
widget.on_submit(keep)
import ipywidgets
from ipywidgets.widgets.widget import _instances
button = [w for w in _instances.values()
          if isinstance(w, ipywidgets.Button) and w.description == "a"][-1]
button._handle_custom_msg = timed(button._handle_custom_msg)
print(button.comm.comm_id)
"""

PIGEONXT = """
from pigeonXT import annotate
import ipywidgets
from ipywidgets.widgets.widget import _instances
labels = annotate(texts, options=["a", "b"], buttons_in_a_row=2)
button = [w for w in _instances.values()
          if isinstance(w, ipywidgets.Button) and w.description == "a"][-1]
button._handle_custom_msg = timed(button._handle_custom_msg)
print("COMM", button.comm.comm_id)
"""


class Kernel:
    """A kernel in a folder of its own and a client that talks to it."""

    def __init__(self, folder: Path, setup: str) -> None:
        self.manager, self.client = start_new_kernel(cwd=str(folder))
        printed = self.execute(TIMING + setup)
        self.comm = printed.split()[-1]

    def execute(self, code: str) -> str:
        out: list[str] = []

        def hook(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                out.append(content["text"])
            elif message["msg_type"] == "error":
                raise RuntimeError("\\n".join(content["traceback"]))

        self.client.execute_interactive(code, timeout=300, output_hook=hook)
        return "".join(out)

    def send(self, content: dict[str, Any], receipt: bool) -> float:
        """Send a custom message to the widget; seconds until its answer."""
        data = {"method": "custom", "content": content}
        message = self.client.session.msg("comm_msg", {"comm_id": self.comm, "data": data})
        start = time.perf_counter()
        self.client.shell_channel.send(message)
        mine = message["header"]["msg_id"]
        while True:
            answer = self.client.get_iopub_msg(timeout=30)
            if answer["parent_header"].get("msg_id") != mine:
                continue
            if receipt and answer["msg_type"] == "comm_msg":
                body = answer["content"]["data"].get("content", {})
                if body.get("id") == content["id"]:
                    if not body["ok"]:
                        raise RuntimeError(json.dumps(body))
                    return time.perf_counter() - start
            if not receipt and answer["content"].get("execution_state") == "idle":
                return time.perf_counter() - start

    def times(self, name: str = "handled") -> list[float]:
        """A list of seconds that the setup kept in the kernel."""
        answer: list[float] = json.loads(self.execute(f"import json; print(json.dumps({name}))"))
        return answer[-LABELS + WARM_UP :]

    def stop(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def apply_message(i: int) -> dict[str, Any]:
    """What the browser sends when a stage and a valence are given."""
    uid = uuid4().hex
    body = {"feedback": i + 1, "start": 0, "stop": 11, "stage": "purchase", "valence": -0.5}
    op = {"op": uid, "act": "code", "row": uid, "base": None, "seen_version": 1, "expect": None}
    return {"v": 1, "id": uid, "session": "bench", "do": "apply"} | op | {"body": body}


def run() -> None:
    click = {"event": "click"}
    rows: list[tuple[str, list[float], list[float]]] = []
    bare: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for label, setup, message, receipt in (
            ("cjm-widgets: until the receipt is sent", OURS, apply_message, True),
            ("ipyannotations (memory)", IPYANNOTATIONS, lambda _: click, False),
            ("pigeonXT (memory)", PIGEONXT, lambda _: click, False),
        ):
            kernel = Kernel(folder, setup)
            try:
                trips = [kernel.send(message(i), receipt) for i in range(LABELS)][WARM_UP:]
                inside = kernel.times()
                if receipt:
                    bare = kernel.times("bare")
                    rows.append(("cjm-widgets: until it is on disk", kernel.times("written"), []))
            finally:
                kernel.stop()
            rows.append((label, inside, trips))
    rows.insert(0, ("bare write and fdatasync", bare, []))
    median = percentile(bare, 0.5)
    table(
        ("", "kernel p50", "p99", "p50 above fdatasync", "round trip p50", "p99"),
        [
            (
                label,
                milliseconds(percentile(inside, 0.5)),
                milliseconds(percentile(inside, 0.99)),
                milliseconds(percentile(inside, 0.5) - median),
                milliseconds(percentile(trips, 0.5)) if trips else "",
                milliseconds(percentile(trips, 0.99)) if trips else "",
            )
            for label, inside, trips in rows
        ],
    )
