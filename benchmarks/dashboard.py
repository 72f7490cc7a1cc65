"""From a coding's receipt to the patch that the dashboard sends, by the study's size."""

from __future__ import annotations

import statistics
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from benchmarks.tables import milliseconds, table

CODINGS = 15


def run() -> None:
    with tempfile.TemporaryDirectory() as name:
        rows = [_measured(Path(name) / f"{size}.cjm", size) for size in (250, 1_000, 10_000)]
    head = ("receipt", "curve after it", "of it processor", "map after it", "its patch")
    table(("coded passages", *head), rows)


def _measured(path: Path, size: int) -> tuple[object, ...]:
    import pandas as pd

    import cjm_widgets as cjm

    frame = pd.DataFrame(
        {
            "text": [f"Comment {i}: the payment was slow on attempt {i % 7}." for i in range(size)],
            "stage": [f"Stage {1 + i % 6}" for i in range(size)],
            "valence": [(-1, -0.5, 0, 0.5, 1)[i % 5] for i in range(size)],
            "respondent": [f"R-{i // 2}" for i in range(size)],
        }
    )
    receipts, curves, patches, busy, length = [], [], [], [], 0
    with cjm.Study(path) as study:
        study.add(frame, valence="valence", valence_scale=(-1, 1))
        stage = next(iter(study.journey)).key
        board = study.dashboard("ana")
        sent: list[Any] = []
        board.send = lambda content, buffers=None: sent.append(content)
        board._handle_custom_msg(_message(do="board", want="open"), [])
        board._watch.stop()
        for turn in range(CODINGS):
            body = {"feedback": 1 + turn, "start": 0, "stop": 9, "stage": stage, "valence": 1.0}
            ids = {"op": uuid.uuid4().hex, "row": uuid.uuid4().hex}
            begun = time.perf_counter()
            board._handle_custom_msg(
                _message(do="apply", act="code", seen_version=1, body=body, **ids), []
            )
            saved, used = time.perf_counter(), time.process_time()
            with board._lock:
                board._hurry()
            curves.append(time.perf_counter() - saved)
            busy.append(time.process_time() - used)
            board._look()
            receipts.append(saved - begun)
            patches.append(time.perf_counter() - saved)
            length = len(str(sent[-1]))
        board.close()
    return (
        f"{size:,}",
        milliseconds(statistics.median(receipts)),
        milliseconds(statistics.median(curves)),
        milliseconds(statistics.median(busy)),
        milliseconds(statistics.median(patches)),
        f"{length / 1024:.0f} KiB",
    )


def _message(**fields: object) -> dict[str, object]:
    return {"v": 1, "id": uuid.uuid4().hex, "session": "bench", **fields}
