"""Curves of a large study, and of the sample."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.tables import table

TEXTS, CODED = 1_000_000, 50_000
SHOWN = 7
"""Times the sample's curve is drawn; the first is cold."""


def run(texts: int = TEXTS, coded: int = CODED) -> None:
    import cjm_widgets as cjm

    rows = []
    with tempfile.TemporaryDirectory() as name:
        path = _large(Path(name), texts, coded)
        for what, call in (
            ("coded", _coded),
            ("automatic", _automatic),
            ("automatic by channel, heat map", _channels),
            ("two quarters compared, scores", _quarters),
            ("drivers of nps, scores", _drivers),
        ):
            with cjm.Study(path) as study:
                cold, warm = _took(call, study), _took(call, study)
            rows.append((f"{texts:,} texts, {coded:,} codings: {what}", _both(cold), _both(warm)))
        rows += _sample(Path(name) / "sample.cjm")
    table(("curve", "study just opened", "again"), rows)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nProcessor time (time on the clock). Peak memory of the process: {most:,.0f} MiB")


def _sample(path: Path) -> list[tuple[str, str, str]]:
    import pandas as pd

    import cjm_widgets as cjm

    rows = []
    with cjm.Study(path, journey="six") as study:
        samples = cjm.sample_data()
        study.add(samples / "comments.csv")
        study.set_codebook(pd.read_csv(samples / "codebook.csv"))
        study.add_codings(samples / "codings.csv")
        study.score()
        for what, call in (("coded", _coded), ("automatic", _automatic)):
            times = [_took(call, study) for _ in range(SHOWN)]
            usual = sorted(t for t, _ in times)[SHOWN // 2], sorted(c for _, c in times)[SHOWN // 2]
            rows.append((f"the sample: {what}", _both(times[0]), _both(usual)))
    return rows


def _large(folder: Path, texts: int, coded: int) -> Path:
    """A study of many scored texts, some of them coded by an import."""
    import numpy as np
    import pandas as pd

    import cjm_widgets as cjm

    rng = np.random.default_rng(1)
    stages = np.array(["Discovery", "Consideration", "Decision", "Purchase", "Retention"])
    touch = np.array(["search", "website", "quote", "cart", "newsletter"])
    at = rng.integers(0, 5, texts)
    frame = pd.DataFrame(
        {
            "id": np.arange(texts),
            "text": [f"Comment {i}: it was fine on attempt {i % 7}." for i in range(texts)],
            "respondent": rng.integers(0, texts // 2, texts),
            "channel": rng.choice(["survey", "review", "chat"], texts),
            "touchpoint": touch[at],
            "nps": np.clip(rng.integers(4, 9, texts) + at - 2, 0, 10),
            "date": pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 180, texts), "D"),
            "stage": pd.Series(stages[at]).where(np.arange(texts) < coded),
            "mark": np.where(np.arange(texts) < coded, rng.integers(-2, 3, texts), np.nan),
        }
    )
    path = folder / "large.cjm"
    with cjm.Study(path, journey="six") as study:
        study.add(
            frame,
            text="text",
            id="id",
            respondent="respondent",
            at="date",
            stage="stage",
            valence="mark",
            valence_scale=(-2, 2),
        )
        study.score()
    return path


def _coded(study: Any) -> Any:
    return study.curve("coded")


def _automatic(study: Any) -> Any:
    return study.curve("automatic")


def _channels(study: Any) -> Any:
    return study.curve("automatic", by="channel", layout="heat")


def _quarters(study: Any) -> Any:
    return study.compare("2026-Q1", "2026-Q2", estimate="automatic")


def _drivers(study: Any) -> Any:
    return study.drivers(of="nps", estimate="automatic")


def _took(call: Any, study: Any) -> tuple[float, float]:
    """Processor time and time on the clock, in seconds."""
    start, used = time.perf_counter(), time.process_time()
    call(study)
    return time.process_time() - used, time.perf_counter() - start


def _both(took: tuple[float, float]) -> str:
    return f"{_s(took[0])} ({_s(took[1])})"


def _s(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"
