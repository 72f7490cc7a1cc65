"""Building a journey map, of up to 1,000,000 coded passages, and how large its file is."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

import cjm_widgets as cjm
from benchmarks.tables import table
from cjm_widgets.store.engine import schema
from cjm_widgets.store.tables import names

TEXTS, CODERS = 125_000, 4
"""Of the largest study: each coder marks two passages of each text."""


def run() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for quotes in (100, 1_000, 10_000):
            with cjm.Study(Path(name) / f"{quotes}.cjm") as study:
                study.add(comments(quotes), valence="valence", valence_scale=(-1, 1))
                study.map().page()  # what is loaded once is not counted
                rows.append(_row(quotes, study))
        with cjm.Study(Path(name) / "million.cjm", journey="six") as study:
            coded_in(study)
        with cjm.Study(Path(name) / "million.cjm") as study:
            first, shown = _took(lambda: study.map(filters=False))
            built, page = _took(shown.page)
            label = f"{2 * TEXTS * CODERS:,}, in a study just opened, without filters"
            rows.append((label, _both(first), _both(built), _size(page)))
            rows.append(_row(2 * TEXTS * CODERS, study, filters=False))
            again, shown = _took(study.map)
            built, page = _took(shown.page)
            label = f"{2 * TEXTS * CODERS:,}, with the facts under 6 filters in the page"
            rows.append((label, _both(again), _both(built), _size(page)))
    table(("coded passages", "facts", "page", "file"), rows)
    print("\nProcessor time (time on the clock).")


def _row(passages: int, study: cjm.Study, **wishes: Any) -> tuple[str, str, str, str]:
    facts, pages, page = [], [], ""
    for _ in range(5):
        took, shown = _took(lambda: study.map(**wishes))
        facts.append(took)
        took, page = _took(shown.page)
        pages.append(took)
    return f"{passages:,}", _both(_usual(facts)), _both(_usual(pages)), _size(page)


def _took(work: Callable[[], Any]) -> tuple[tuple[float, float], Any]:
    start, used = time.perf_counter(), time.process_time()
    answer = work()
    return (time.process_time() - used, time.perf_counter() - start), answer


def _usual(times: list[tuple[float, float]]) -> tuple[float, float]:
    used, passed = zip(*times, strict=True)
    return statistics.median(used), statistics.median(passed)


def _both(took: tuple[float, float]) -> str:
    return f"{took[0] * 1000:.0f} ms ({took[1] * 1000:.0f})"


def _size(page: str) -> str:
    return f"{len(page.encode()) / 2**20:.2f} MiB"


def comments(rows: int) -> pd.DataFrame:
    """Comments, each with a stage and a valence."""
    return pd.DataFrame(
        {
            "text": [
                f"Comment number {i}: the {('payment', 'delivery', 'search')[i % 3]} was "
                f"{('slow', 'fine', 'clear, and quick')[i % 5 % 3]} on attempt {i % 7}."
                for i in range(rows)
            ],
            "stage": [f"Stage {1 + i % 6}" for i in range(rows)],
            "valence": [(-1, -0.5, 0, 0.5, 1)[i % 5] for i in range(rows)],
            "respondent": [f"R-{i // 2}" for i in range(rows)],
        }
    )


def coded_in(study: cjm.Study, size: int = TEXTS) -> None:
    """Eight passages in each of so many texts, by several coders, a third with a code."""
    chance = np.random.default_rng(2)
    frame = comments(size).drop(columns=["stage", "valence"])
    frame["channel"] = chance.choice(["survey", "review", "chat"], size)
    frame["touchpoint"] = chance.choice(["search", "website", "cart", "newsletter"], size)
    study.add(frame)
    for number in range(4):
        study.add_code(f"Pain {number}", kind="pain")
    coding, pairs = schema.coding, schema.coding_code
    texts = list(range(1, size + 1))
    with study._store.base.write(durable=False) as tx:
        stages = [row[0] for row in tx.fetch(sa.select(schema.stage.c.id))]
        codes = [row[0] for row in tx.fetch(sa.select(schema.code.c.id))]
        for nth in range(2 * CODERS):
            first = 1 + nth * size
            tx.bulk(
                coding,
                {
                    "id": range(first, first + size),
                    "uid": [f"{n:032x}" for n in range(first, first + size)],
                    "feedback": texts,
                    "stage": chance.choice(stages, size).tolist(),
                    "valence": (chance.integers(-2, 3, size) / 2).tolist(),
                    "memo": [""] * size,
                    "origin": ["human"] * size,
                },
                {
                    "coder": names.actor(tx, f"coder {nth // 2}"),
                    "version": 1,
                    "start": 12 * (nth % 2),
                    "stop": 12 * (nth % 2) + 12,
                    "gone": 0,
                    "rev": 0,
                },
            )
            some = range(first, first + size, 3)
            bears = chance.choice(codes, len(some)).tolist()
            tx.bulk(pairs, {"coding": some, "code": bears})
            if nth % 2:
                done = {"coder": names.actor(tx, f"coder {nth // 2}"), "version": 1, "n": 2}
                tx.bulk(schema.progress, {"feedback": texts}, done)
