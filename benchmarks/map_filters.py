"""What the filters of a map's page cost: the sample study, in processor time."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.tables import milliseconds, table


def run() -> None:
    import pandas as pd

    import cjm_widgets as cjm

    samples = cjm.sample_data()
    rows = []
    with tempfile.TemporaryDirectory() as name, cjm.Study(Path(name) / "f.cjm") as study:
        study.add(samples / "comments.csv")
        study.set_codebook(pd.read_csv(samples / "codebook.csv"))
        study.add_codings(samples / "codings.csv")
        study.add_kpis(samples / "kpis.csv")
        study.map(filters=False).page()
        for label, wanted in (("none", False), ("as delivered", True)):
            found, pages, size, count = [], [], 0, 0
            for _ in range(5):
                shown = study.map(filters=wanted)
                start = time.process_time()
                count = len(shown.views()[0])
                middle = time.process_time()
                page = shown.page()
                found.append(middle - start)
                pages.append(time.process_time() - middle)
                size = len(page.encode())
            rows.append(
                (
                    f"{label} ({count})",
                    milliseconds(statistics.median(found)),
                    milliseconds(statistics.median(pages)),
                    f"{size / 2**20:.2f} MiB",
                )
            )
    table(("filters", "their facts", "page", "file"), rows)
