"""What ``import cjm_widgets`` costs, beside an empty interpreter and pandas."""

from __future__ import annotations

import subprocess
import sys
import time

from benchmarks.tables import milliseconds, percentile, table

STATEMENTS = ("pass", "import cjm_widgets", "import pandas", "import bokeh.plotting")
ROUNDS = 11


def run() -> None:
    times: dict[str, list[float]] = {statement: [] for statement in STATEMENTS}
    for _ in range(ROUNDS):
        for statement in STATEMENTS:
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", statement], check=True)
            times[statement].append(time.perf_counter() - start)
    empty = percentile(times["pass"], 0.5)
    table(
        ("statement", "process, median", "beyond an empty interpreter"),
        [
            (f"`{name}`", milliseconds(m := percentile(values, 0.5)), milliseconds(m - empty))
            for name, values in times.items()
        ],
    )
