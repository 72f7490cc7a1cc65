"""Curves of a large study, and of the sample."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.tables import table

TEXTS, CODED = 1_000_000, 50_000
SHOWN = 7
"""Times the sample's curve is drawn; the first is cold."""


def run(texts: int = TEXTS, coded: int = CODED) -> None:
    import pandas as pd

    import cjm_widgets as cjm

    rows = []
    with tempfile.TemporaryDirectory() as name:
        path = _large(Path(name), texts, coded)
        for what, call in (
            ("coded", lambda s: s.curve("coded")),
            ("automatic", lambda s: s.curve("automatic")),
            ("automatic by channel, heat map", _channels),
            ("two quarters compared, scores", _quarters),
        ):
            with cjm.Study(path) as study:
                cold, warm = _seconds(call, study), _seconds(call, study)
            rows.append((f"{texts:,} texts, {coded:,} codings: {what}", _s(cold), _s(warm)))
        with cjm.Study(Path(name) / "sample.cjm", journey="six") as study:
            samples = cjm.sample_data()
            study.add(samples / "comments.csv")
            study.set_codebook(pd.read_csv(samples / "codebook.csv"))
            study.add_codings(samples / "codings.csv")
            study.score()
            for estimate in ("coded", "automatic"):
                times = [_seconds(lambda s: s.curve(estimate), study) for _ in range(SHOWN)]  # noqa: B023
                rows.append(
                    (f"the sample: {estimate}", _s(times[0]), _s(sorted(times)[SHOWN // 2]))
                )
    table(("curve", "study just opened", "again"), rows)


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


def _channels(study: Any) -> Any:
    return study.curve("automatic", by="channel", layout="heat")


def _quarters(study: Any) -> Any:
    return study.compare("2026-Q1", "2026-Q2", estimate="automatic")


def _seconds(call: Any, study: Any) -> float:
    start = time.perf_counter()
    call(study)
    return time.perf_counter() - start


def _s(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"
