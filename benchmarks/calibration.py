"""Calibrated emotion curves against people's ratings alone, on hospital comments.

10,266 comments of the NHS whose stage (label) and valence (criticality) people coded: the
truth is known, and ratings are drawn from it at random. Needs the file
``../shared/data/feedback_coded/nhs_phase1_text_data.csv``, which is not part of a clone.
"""

from __future__ import annotations

import importlib.util
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.tables import table
from cjm_widgets.measure.curves.calibrated import calibrate
from cjm_widgets.measure.curves.calibrated_predicted import calibrate_predicted
from cjm_widgets.measure.interval import GroupMeans, cells, grouped_means
from cjm_widgets.score.table import scorer
from cjm_widgets.suggest import learned

Floats = NDArray[np.float64]

FILE = (
    Path(__file__).resolve().parent.parent.parent
    / "shared/data/feedback_coded/nhs_phase1_text_data.csv"
)
SIZES, DRAWS = (200, 500, 1000), (600, 300, 200)
"""Ratings of a draw, and draws: fewer ratings show fewer stages, and vary more."""
LEAST, SEED, PEOPLE_DRAWS = 10, 20, 300
LEFT_OUT = "Couldn't be improved"
"""All its ratings are equal, so its width comes from the other stages alone."""
PROMISED = {
    "learned, with the question": (0.80, 0.80, 0.80),
    "learned, text alone": (1.00, 0.96, 0.93),
    "stage predicted too, with the question": (1.02, 1.02, 1.02),
}
"""Error and half-width against people's ratings alone, at most, for each size."""
COVERAGE, COVERAGE_OF_STAGE, COVERAGE_OF_PEOPLE = (0.925, 0.975), 0.88, (0.93, 0.97)


@dataclass
class Tally:
    """What one estimate did over the draws."""

    error: list[float] = field(default_factory=list)
    half: list[float] = field(default_factory=list)
    held: list[NDArray[np.float64]] = field(default_factory=list)
    """Whether each stage's interval held the truth; NaN where it had too few ratings."""

    def add(self, means: GroupMeans, truth: Floats, shown: NDArray[np.bool_]) -> None:
        off = means.mean - truth
        self.error.append(float(np.sqrt((off[shown] ** 2).mean())))
        self.half.append(float(means.half[shown].mean()))
        held = (means.low - 1e-9 <= truth) & (truth <= means.high + 1e-9)
        self.held.append(np.where(shown, held, np.nan))

    @property
    def coverage(self) -> float:
        return float(np.nanmean(np.array(self.held)))

    def worst_stage(self, names: list[str]) -> tuple[float, str]:
        """Coverage of the worst stage among those shown in half of the draws or more."""
        held = np.array(self.held)
        often = np.isfinite(held).mean(axis=0) >= 0.5
        share = np.where(often, np.nanmean(np.where(often, held, 0.0), axis=0), np.inf)
        return float(share.min()), names[int(share.argmin())]


@dataclass(frozen=True)
class Comments:
    """The comments, as numbers."""

    rating: Floats
    stage: NDArray[np.int64]
    names: list[str]
    scores: dict[str, Floats]
    text: learned.Matrix
    asked: learned.Matrix
    """Text and question."""


def comments() -> Comments:
    frame = pd.read_csv(FILE)
    frame["valence"] = pd.to_numeric(frame["criticality"], errors="coerce") / 5
    frame = frame.dropna(subset=["valence", "feedback", "label"])
    frame = frame[frame["valence"].abs() <= 1].reset_index(drop=True)
    names, stage = np.unique(frame["label"].to_numpy(dtype=str), return_inverse=True)
    texts = frame["feedback"].tolist()
    scores = {"TextBlob": scorer("textblob").score(texts)[0]}
    scores["cjm-en"] = scorer("cjm-en").score(texts)[0]
    if importlib.util.find_spec("vaderSentiment"):
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        polarity = SentimentIntensityAnalyzer().polarity_scores
        scores["VADER"] = np.array([polarity(text)["compound"] for text in texts])
    lexicon = [scores["cjm-en"]]  # as in a study, whose default it is
    return Comments(
        frame["valence"].to_numpy(dtype=np.float64),
        stage.astype(np.int64),
        names.tolist(),
        scores,
        learned.features(texts, scores=lexicon),
        learned.features(
            texts, scores=lexicon, attributes=frame[["question"]], within=["question"]
        ),
    )


def estimates(
    of: Comments, drawn: NDArray[np.int64], seed: int
) -> Iterator[tuple[str, GroupMeans]]:
    """Every estimate from one draw of ratings, people's ratings alone first."""
    count, size = len(of.rating), len(of.names)
    who = np.arange(count)
    rating = np.full(count, np.nan)
    rating[drawn] = of.rating[drawn]
    yield (
        "people's ratings alone",
        grouped_means(cells(of.rating[drawn], of.stage[drawn], size), bounds=(-1.0, 1.0)),
    )

    member = np.full((count, size), np.nan)
    member[drawn] = np.eye(size)[of.stage[drawn]]
    asked = learned.cross_fitted(of.asked, np.column_stack([rating, member]), seed=seed).values
    f, p = np.clip(asked[:, 0], -1, 1), np.clip(asked[:, 1:], 0, 1)
    yield "learned, with the question", calibrate(f, rating, of.stage, size, who).means
    text = learned.valences(of.text, rating, seed=seed)
    yield "learned, text alone", calibrate(text, rating, of.stage, size, who).means
    placed = np.where(member == 1, rating[:, None], np.nan)
    found = calibrate_predicted(f, p, placed, np.isfinite(rating), who)
    yield "stage predicted too, with the question", found.means
    for name, score in of.scores.items():
        yield f"{name}, calibrated", calibrate(score, rating, of.stage, size, who).means


def run(draws: tuple[int, ...] = DRAWS, people: int = PEOPLE_DRAWS) -> None:
    if not FILE.exists():
        print(f"The file {FILE.name} is not here; see the head of benchmarks/calibration.py.")
    else:
        _on_comments(draws)
    _on_people(people)


def _on_comments(draws: tuple[int, ...]) -> None:
    start = time.perf_counter()
    of = comments()
    size = len(of.names)
    fixed = np.array([name != LEFT_OUT for name in of.names])

    def means(values: Floats) -> Floats:
        return np.bincount(of.stage, values, minlength=size) / np.bincount(of.stage)

    truth = means(of.rating)
    print(f"{len(of.rating):,} comments, {fixed.sum()} stages, seed {SEED}, draws: {draws}\n")
    for name, score in of.scores.items():
        off = np.sqrt(((means(score) - truth)[fixed] ** 2).mean())
        print(f"Raw {name}, all texts, no ratings: error {off:.3f}\n")

    rows, verdicts = [], []
    for place, n in enumerate(SIZES):
        tallies: dict[str, Tally] = defaultdict(Tally)
        for number in range(draws[place]):
            rng = np.random.default_rng([SEED, n, number])
            drawn = rng.permutation(len(of.rating))[:n]
            enough = np.bincount(of.stage[drawn], minlength=size) >= LEAST
            for name, found in estimates(of, drawn, number):
                tallies[name].add(found, truth, fixed & enough)
        alone = tallies["people's ratings alone"]
        for name, tally in tallies.items():
            error = float(np.mean(tally.error)) / float(np.mean(alone.error))
            half = float(np.mean(tally.half)) / float(np.mean(alone.half))
            least, stage = tally.worst_stage(of.names)
            rows.append(
                (
                    n,
                    name,
                    f"{np.mean(tally.error):.3f}",
                    f"{error:.2f}",
                    f"{np.mean(tally.half):.3f}",
                    f"{half:.2f}",
                    f"{tally.coverage:.3f}",
                    f"{least:.3f} ({stage})",
                )
            )
            if name in PROMISED:
                most = PROMISED[name][place]
                good = (
                    max(round(error, 2), round(half, 2)) <= most
                    and COVERAGE[0] <= tally.coverage <= COVERAGE[1]
                    and least >= COVERAGE_OF_STAGE
                )
                verdicts.append((n, name, f"{most:.2f}", "reached" if good else "**missed**"))
    head = ("ratings", "estimate", "error", "÷ people", "half-width", "÷ people", "coverage")
    table((*head, "worst stage"), rows)
    print()
    table(("ratings", "estimate", "ratios at most", "with coverage"), verdicts)
    print(f"\n{time.perf_counter() - start:.0f} s\n")


def _on_people(draws: int) -> None:
    """Coverage where respondents speak several times and alike; the truth is 0 by symmetry."""
    rows = []
    for kind in ("6 texts each", "very unequal", "one holds half"):
        for people in (5, 15, 40):
            rng = np.random.default_rng([SEED, people])
            held, plain = [], []
            for _ in range(draws):
                score, rating, stage, who = synthetic(rng, kind, people)
                found = calibrate(score, rating, stage, 4, who).means
                held.append((found.low <= 0) & (found.high >= 0))
                loose = calibrate(score, rating, stage, 4, np.arange(len(who))).means
                plain.append((loose.low <= 0) & (loose.high >= 0))
            share = float(np.mean(held))
            good = COVERAGE_OF_PEOPLE[0] <= round(share, 3) <= COVERAGE_OF_PEOPLE[1]
            verdict = "reached" if good else "**missed**"
            rows.append((kind, people, f"{share:.3f}", f"{np.mean(plain):.3f}", verdict))
    table(
        (
            "texts of a respondent",
            "rated respondents",
            "coverage",
            "without clusters",
            ".93 to .97",
        ),
        rows,
    )


def synthetic(
    rng: np.random.Generator, kind: str, people: int, stages: int = 4, others: int = 150
) -> tuple[Floats, Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Scores, ratings, stages and respondents: `people` rated ones a stage, `others` not.

    Ratings have mean 0 and standard deviation .5, of which the respondent makes 30 %; scores
    share the respondent's and the text's part, with noise and a bias of .3.
    """
    parts = []
    for stage in range(stages):
        sizes = np.concatenate([_sizes(rng, kind, people), _sizes(rng, kind, others)])
        who = np.repeat(np.arange(len(sizes)), sizes)
        person = rng.normal(0, np.sqrt(0.3), len(sizes))[who]
        own = rng.normal(0, np.sqrt(0.7), len(who))
        y = np.clip(0.5 * (person + own), -1, 1)
        f = np.clip(0.3 + 0.3 * person + 0.3 * own + rng.normal(0, 0.25, len(who)), -1, 1)
        rating = np.where(who < people, y, np.nan)
        parts.append((f, rating, np.full(len(who), stage), who + stage * 10_000))
    score, rating, stage_of, respondent = (
        np.concatenate([part[k] for part in parts]) for k in range(4)
    )
    _, respondent = np.unique(respondent, return_inverse=True)
    return score, rating, stage_of.astype(np.int64), respondent.astype(np.int64)


def _sizes(rng: np.random.Generator, kind: str, people: int) -> NDArray[np.int64]:
    if kind == "6 texts each":
        return np.full(people, 6)
    if kind == "very unequal":
        return np.maximum(1, np.round(rng.lognormal(1.2, 0.9, people))).astype(np.int64)
    sizes = np.maximum(1, rng.poisson(3, people))
    sizes[0] = sizes[1:].sum()
    return sizes.astype(np.int64)
