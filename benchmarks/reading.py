"""1,000,000 rows of CSV into a study, beside pandas' read_csv and to_sql."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.tables import table

ROWS = 1_000_000

OURS = """
import cjm_widgets as cjm
with cjm.Study({study!r}, journey="six") as study:
    added = study.add({file!r}, text="comment", id="id", respondent="respondent", at="date")
assert added.added == {rows}, added
"""

PANDAS = """
import pandas as pd, sqlalchemy as sa
frame = pd.read_csv({file!r})
frame.to_sql("feedback", sa.create_engine("sqlite:///" + {study!r}))
"""

MEASURE = """
import resource, time
start = time.perf_counter()
{code}
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def write(path: Path, rows: int) -> None:
    """A CSV of survey comments of about a hundred characters."""
    chance = random.Random(1)
    words = [
        "the",
        "delivery",
        "was",
        "late",
        "and",
        "nobody",
        "told",
        "me",
        "but",
        "support",
        "answered",
        "quickly",
        "so",
        "I",
        "am",
        "fairly",
        "happy",
        "with",
        "the",
        "checkout",
        "although",
        "the",
        "total",
        "was",
        "not",
        "clear",
        "until",
        "the",
        "very",
        "last",
        "page",
    ]
    with path.open("w", encoding="utf-8") as out:
        out.write("id,respondent,date,channel,nps,comment\n")
        for i in range(rows):
            text = " ".join(chance.choices(words, k=18))
            day = 1 + i % 28
            out.write(
                f"C-{i:07},R-{i // 3},2025-{1 + i % 12:02}-{day:02},"
                f'{("survey", "call", "review")[i % 3]},{i % 11},"{text}, row {i}"\n'
            )


def measured(code: str) -> tuple[float, float]:
    """Seconds and MiB that a piece of code takes in a process of its own."""
    script = MEASURE.format(code=code)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    seconds, mib = done.stdout.split()[-2:]
    return float(seconds), float(mib)


def run() -> None:
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "comments.csv"
        write(file, ROWS)
        size = file.stat().st_size / 2**20
        rows = []
        for label, code in (("cjm-widgets", OURS), ("pandas read_csv + to_sql", PANDAS)):
            study = Path(name) / f"{label[:3]}.cjm"
            seconds, mib = measured(code.format(file=str(file), study=str(study), rows=ROWS))
            rows.append((label, f"{seconds:.1f} s", f"{mib:.0f} MiB"))
    print(f"{ROWS:,} rows, {size:.0f} MiB\n")
    table(("", "time", "peak memory of the process"), rows)
