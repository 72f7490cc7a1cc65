"""The classifier against the one before it: what a refit costs, and how often each is right.

The peer is what the classifier was until the questions were solved together: scikit-learn's
stochastic gradient descent, three rounds with averaged weights, one model per answer, codes from
1,600 passages each. Both see the same hashed words and the same folds.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import cjm_widgets as cjm
from benchmarks.tables import table
from cjm_widgets.store.desks import learning
from cjm_widgets.study.evidence.advisor import as_examples
from cjm_widgets.suggest.classifier import fit
from cjm_widgets.suggest.examples import KEPT, Example, Examples, Kept
from cjm_widgets.suggest.quality import WHATS, answers, folds_of
from cjm_widgets.suggest.vocabulary import Matcher
from cjm_widgets.suggest.words import compact, joined, numbered

FILE = (
    Path(__file__).resolve().parent.parent.parent
    / "shared/data/feedback_coded/nhs_phase1_text_data.csv"
)
SIZES = (300, 1_000, 5_000)
CODES, FEWEST, WITH, WITHOUT = 20, 5, 400, 1_200

Said = dict[str, list[str]]
"""The likeliest answer to each question, a row per passage."""
Learn = Callable[[Sequence[Kept], Sequence[Kept]], Said]


def ours(train: Sequence[Kept], test: Sequence[Kept]) -> Said:
    """What the classifier says of some passages when it has learned from others."""
    model = fit(train)
    if model is None:
        return {}
    rows = compact(joined([k.row for k in test]), model.columns)
    heads = zip(WHATS, (model.stage, model.codes, model.valence), strict=True)
    return {
        what: [head.classes[at] for at in head.probabilities(rows).argmax(axis=1)]
        for what, head in heads
        if head is not None
    }


def peer(train: Sequence[Kept], test: Sequence[Kept]) -> Said:
    """What models fitted by stochastic gradient descent say."""
    matrix = joined([k.row for k in train])
    columns = numbered(matrix, least=2 if len(train) > 1_000 else 1)
    rows = compact(matrix, columns)
    asked = compact(joined([k.row for k in test]), columns)
    said = {}
    for what in ("stage", "valence"):
        given = np.array([next(iter(answers(k, what)), "") for k in train])
        told = np.flatnonzero(given != "")
        model = _descent(len(told)).fit(rows[told], given[told])
        said[what] = [str(answer) for answer in model.predict(asked)]
    said["code"] = _peer_codes(rows, asked, train)
    return said


def _peer_codes(rows, asked, train: Sequence[Kept]) -> list[str]:  # type: ignore[no-untyped-def]
    count = pd.Series([key for k in train for key in k.codes]).value_counts()
    often = sorted(count.index[count >= FEWEST], key=lambda key: (-count[key], key))[:CODES]
    told = np.array([at for at, k in enumerate(train) if k.codes])
    chance = np.random.default_rng(0)
    scores = []
    for key in often:
        bears = np.array([key in train[at].codes for at in told])
        yes, no = _some(told[bears], WITH, chance), _some(told[~bears], WITHOUT, chance)
        chosen = np.concatenate([yes, no])
        model = _descent(len(chosen)).fit(rows[chosen], np.arange(len(chosen)) < len(yes))
        odds = bears.sum() / len(yes) * len(no) / (len(told) - bears.sum())
        scores.append(model.decision_function(asked) + np.log(odds))
    return [often[at] for at in np.column_stack(scores).argmax(axis=1)]


def _some(rows: NDArray[np.int64], most: int, chance: np.random.Generator) -> NDArray[np.int64]:
    return rows if len(rows) <= most else np.sort(chance.choice(rows, most, replace=False))


def _descent(n: int):  # type: ignore[no-untyped-def]
    from sklearn.linear_model import SGDClassifier

    penalty = 0.05 * (n / 300) ** 0.4 / n
    return SGDClassifier(
        loss="log_loss", alpha=penalty, max_iter=3, tol=None, average=True, random_state=0
    )


def busy(work: Callable[[], object], times: int = 7) -> float:
    """Median processor time of this thread, in milliseconds."""
    found = []
    for _ in range(times):
        used = time.thread_time()
        work()
        found.append(time.thread_time() - used)
    return median(found) * 1_000


def hospital() -> list[Kept]:
    """Comments on hospitals: label as stage, subcategory as code, criticality as five steps."""
    frame = pd.read_csv(FILE).dropna(subset=["feedback"])
    degree = pd.to_numeric(frame["criticality"], errors="coerce")
    frame = frame.assign(step=np.sign(degree) * np.ceil(degree.abs() / 2))[degree.between(-4, 4)]
    kept = Examples()
    kept.put(
        [
            Example(
                uid=f"{row.Index:06}",
                text=row.feedback,
                context=(f"question: {row.question}",),
                respondent=str(row.Index),
                stage=row.label,
                codes=(row.subcategory,),
                valence=row.step / 2,
            )
            for row in frame.itertuples()
        ]
    )
    return kept.all()


def sample() -> list[Kept]:
    """The passages of the sample study, in an order that is always the same."""
    samples = cjm.sample_data()
    with tempfile.TemporaryDirectory() as folder:
        study = cjm.Study(Path(folder) / "sample.cjm", journey="six")
        study.add(samples / "comments.csv")
        study.set_codebook(pd.read_csv(samples / "codebook.csv"))
        study.add_codings(samples / "codings.csv")
        coded = learning.news(study._store.base, None, None, KEPT).coded
        found = as_examples(coded, Matcher(study.journey))
        study.close()
    kept = Examples()
    kept.put(found)
    place = {one.uid: at for at, one in enumerate(found)}
    return sorted(kept.all(), key=lambda k: place[k.uid])


def _right(said: Said, test: Sequence[Kept]) -> dict[str, list[bool]]:
    """Whether each answer is what a person said, of passages of which anybody said it."""
    return {
        what: [
            guess in answers(k, what)
            for guess, k in zip(guesses, test, strict=True)
            if answers(k, what)
        ]
        for what, guesses in said.items()
    }


def _trials(kept: Sequence[Kept]) -> Iterator[tuple[list[Kept], list[Kept]]]:
    """Five-fold cross-validation by respondent, with four divisions into folds."""
    for seed in range(4):
        fold = folds_of(kept, seed)
        for number in range(int(fold.max()) + 1):
            yield (
                [k for k, at in zip(kept, fold, strict=True) if at != number],
                [k for k, at in zip(kept, fold, strict=True) if at == number],
            )


def _draws(kept: Sequence[Kept], size: int) -> Iterator[tuple[list[Kept], list[Kept]]]:
    """So many to learn from, and 5,000 others to be judged by; three times."""
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(kept))
        chosen = sorted(order[:size].tolist())
        yield [kept[at] for at in chosen], [kept[at] for at in order[-5_000:]]


def _row(name: str, trials: Iterator[tuple[list[Kept], list[Kept]]]) -> list[str]:
    right: dict[str, dict[str, list[bool]]] = {"ours": {}, "peer": {}}
    for train, test in trials:
        for who, learn in (("ours", ours), ("peer", peer)):
            for what, some in _right(learn(train, test), test).items():
                right[who].setdefault(what, []).extend(some)
    cells = [
        f"{np.mean(right['ours'][what]):.3f} / {np.mean(right['peer'][what]):.3f}" for what in WHATS
    ]
    return [name, *cells]


def cost_rows(sets: dict[str, Sequence[Kept]]) -> None:
    """Processor time of learning from all of some passages."""
    rows = []
    for name, kept in sets.items():
        one = kept[:1]
        mine, theirs = (
            busy(lambda k=kept, o=one: ours(k, o)),
            busy(lambda k=kept, o=one: peer(k, o)),
        )
        rows.append((name, f"{mine:.0f} ms", f"{theirs:.0f} ms", f"{theirs / mine:.1f}×"))
    table(("codings, stages + codes + valence", "refit", "peer", "ratio"), rows)


def quality_rows() -> None:
    """Share of right answers, ours and the peer's."""
    rows = [_row("sample study, cross-validated four times", _trials(sample()))]
    if FILE.exists():
        comments = hospital()
        rows += [
            _row(f"hospital comments, {size:,} learned", _draws(comments, size)) for size in SIZES
        ]
    table(("ours / peer", *(f"{what} right" for what in WHATS)), rows)


def run() -> None:
    from benchmarks.suggestions import examples_of

    sets: dict[str, Sequence[Kept]] = {}
    for count in (300, 1_000, 5_000, KEPT):
        kept = Examples()
        kept.put(examples_of(count))
        sets[f"{count:,} of 32 words"] = kept.all()
    if FILE.exists():
        sets["5,000 hospital comments"] = hospital()[:5_000]
    cost_rows(sets)
    print()
    quality_rows()
