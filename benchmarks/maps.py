"""Building a journey map, and how large its file is."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.tables import milliseconds, table


def run() -> None:
    import pandas as pd

    import cjm_widgets as cjm

    rows = []
    with tempfile.TemporaryDirectory() as name:
        for quotes in (100, 1_000, 10_000):
            frame = pd.DataFrame(
                {
                    "text": [
                        f"Comment number {i}: the {('payment', 'delivery', 'search')[i % 3]} was "
                        f"{('slow', 'fine', 'clear, and quick')[i % 5 % 3]} on attempt {i % 7}."
                        for i in range(quotes)
                    ],
                    "stage": [f"Stage {1 + i % 6}" for i in range(quotes)],
                    "valence": [(-1, -0.5, 0, 0.5, 1)[i % 5] for i in range(quotes)],
                    "respondent": [f"R-{i // 2}" for i in range(quotes)],
                }
            )
            with cjm.Study(Path(name) / f"{quotes}.cjm") as study:
                study.add(frame, valence="valence", valence_scale=(-1, 1))
                facts, pages, size = [], [], 0
                for _ in range(5):
                    start = time.perf_counter()
                    shown = study.map()
                    middle = time.perf_counter()
                    page = shown.page()
                    facts.append(middle - start)
                    pages.append(time.perf_counter() - middle)
                    size = len(page.encode())
            rows.append(
                (
                    f"{quotes:,}",
                    milliseconds(statistics.median(facts)),
                    milliseconds(statistics.median(pages)),
                    f"{size / 2**20:.2f} MiB",
                )
            )
    table(("coded passages", "facts", "page", "file"), rows)
