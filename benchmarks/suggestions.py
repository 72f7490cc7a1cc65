"""Learning from 5,000 and 200,000 codings, and the queue's orders over 1,000,000 texts."""

from __future__ import annotations

import gc
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

import cjm_widgets as cjm
from benchmarks.tables import milliseconds, percentile, table
from cjm_widgets.model.desk import Op, Query
from cjm_widgets.store.desks import learning
from cjm_widgets.study.evidence.advisor import Advisor
from cjm_widgets.suggest.classifier import fit
from cjm_widgets.suggest.examples import KEPT, Example, Examples
from cjm_widgets.suggest.passages import Passage, by_model

STAGES = ("discovery", "consideration", "decision", "purchase", "retention", "advocacy")
CODES, WORDS, TEXTS, CODINGS = 20, 32, 1_000_000, 200_000
PAGES = 60


def _words(chance: random.Random, stage: int, count: int) -> str:
    """Words, some of which a stage uses more than the others, as frequent as words are."""
    common = [f"word{int(chance.paretovariate(0.6)) % 20_000}" for _ in range(count - 6)]
    own = [f"stage{stage}word{int(chance.paretovariate(0.8)) % 400}" for _ in range(6)]
    mixed = common + own
    chance.shuffle(mixed)
    return " ".join(mixed)


def examples_of(count: int, first: int = 0) -> list[Example]:
    """Coded passages of 32 words: six stages, twenty codes, five steps."""
    chance = random.Random(first + 1)
    made = []
    for number in range(first, first + count):
        stage = chance.randrange(len(STAGES))
        codes = tuple({f"code{(stage * 3 + chance.randrange(6)) % CODES}" for _ in range(2)})
        step = (stage % 5) - 2 if chance.random() < 0.7 else chance.randrange(-2, 3)
        text = _words(chance, stage, WORDS)
        made.append(
            Example(f"c{number}", text, (), f"r{number % 999}", STAGES[stage], codes, step / 2)
        )
    return made


def _took(work: Callable[[], object], times: int = 9) -> tuple[float, float]:
    """Median time on the clock, and of the processor: what else runs disturbs the first."""
    clock, busy = [], []
    for _ in range(times):
        begun, used = time.perf_counter(), time.thread_time()
        work()
        clock.append(time.perf_counter() - begun)
        busy.append(time.thread_time() - used)
    return median(clock), median(busy)


def _both(times: tuple[float, float]) -> str:
    return f"{milliseconds(times[0])} ({milliseconds(times[1])})"


def learning_rows() -> None:
    """What a refit costs: stages alone, and everything."""
    rows = []
    for count in (300, 1_000, 5_000, KEPT):
        kept = Examples()
        kept.put(examples_of(count))
        examples = examples_of(1, count)
        one = _took(lambda kept=kept, examples=examples: kept.put(examples), 30)  # type: ignore[misc]
        kept.drop([examples[0].uid])
        known = kept.all()
        fit(known)
        stage = _took(lambda known=known: fit(known, only_stage=True))  # type: ignore[misc]
        whole = _took(lambda known=known: fit(known))  # type: ignore[misc]
        model = fit(known)
        assert model is not None
        text = examples_of(1, 10**6)[0].text
        passage = [Passage(1, 1, 0, len(text), text, "en")]
        said = _took(lambda p=passage, m=model: by_model(p, m), 30)  # type: ignore[misc]
        rows.append(
            (
                f"{count:,}",
                _both(one),
                _both(stage),
                _both(whole),
                _both(said),
            )
        )
    head = ("codings", "take one in", "refit stages", "refit all", "one suggestion")
    table(head, rows)


def _study(folder: Path) -> cjm.Study:
    chance = random.Random(3)
    study = cjm.Study(folder / "large.cjm", journey="six")
    pool = [_words(chance, n % 6, 14) for n in range(5_000)]
    frame = pd.DataFrame(
        {
            "id": np.arange(TEXTS).astype(str),
            "text": [chance.choice(pool) for _ in range(TEXTS)],
            "respondent": [f"r{chance.randrange(300_000)}" for _ in range(TEXTS)],
            "channel": [chance.choice(("call", "mail", "chat")) for _ in range(TEXTS)],
        }
    )
    study.add(frame, text="text", id="id", respondent="respondent")
    return study


def _coded(study: cjm.Study) -> None:
    chance = np.random.default_rng(5)
    texts = chance.choice(TEXTS, CODINGS, replace=False)
    codings = pd.DataFrame(
        {
            "id": texts.astype(str),
            "stage": np.array(STAGES)[chance.integers(0, 6, CODINGS)],
            "valence": chance.integers(-2, 3, CODINGS) / 2,
            "coder": "bob",
        }
    )
    study.add_codings(codings, valence_scale=(-1, 1))


def _memory() -> float:
    """Resident memory of this process in MiB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def orders_rows(study: cjm.Study) -> None:
    """Page turns of 30 texts, and jumps, in each order."""
    rows = []
    for order in ("order", "random", "stratified", "uncertain"):
        for label, query in (
            ("all", Query(order=order)),  # type: ignore[arg-type]
            ("not coded, of calls", Query("todo", "", {"channel": "call"}, order)),  # type: ignore[arg-type]
        ):
            desk = study.coder("bob")._desk
            begun = time.perf_counter()
            page = desk.page(query)
            first = time.perf_counter() - begun
            turns, jumps = [], []
            chance = random.Random(1)
            for _ in range(PAGES):
                if page.after is None:
                    page = desk.page(query, after=1)
                begun = time.perf_counter()
                page = desk.page(query, after=page.after or 1)
                turns.append(time.perf_counter() - begun)
                top = TEXTS if order in ("order", "random") else 400
                begun = time.perf_counter()
                desk.around(query, chance.randrange(1, top))
                jumps.append(time.perf_counter() - begun)
            rows.append(
                (
                    order,
                    label,
                    milliseconds(first),
                    milliseconds(median(turns)),
                    milliseconds(percentile(turns, 0.99)),
                    milliseconds(median(jumps)),
                )
            )
    table(("order", "texts", "first page", "page turn", "p99", "jump"), rows)


def kernel_rows(study: cjm.Study) -> None:
    """What the classifier costs in a kernel beside 200,000 codings."""
    before = _memory()
    advisor = Advisor(study._store, "bob")
    begun = time.perf_counter()
    advisor.model()
    loaded = time.perf_counter() - begun
    after = _memory()
    desk = study.coder("bob")._desk
    study._advisor("bob").model()
    number = int(learning.uncoded(study._store.base, 1)[0])
    said = _took(lambda: desk.suggest(number), 30)
    spent = []
    for at, text in enumerate(learning.uncoded(study._store.base, 40)):
        body = {"feedback": text, "start": 0, "stop": 9, "stage": "purchase"}
        begun = time.perf_counter()
        assert desk.apply(Op(f"op{at}", "code", f"b{at}", body=body)).ok
        spent.append(time.perf_counter() - begun)
        time.sleep(0.05)
    begun = time.perf_counter()
    draw = study.sample(500)
    drawn = time.perf_counter() - begun
    table(
        ("", ""),
        [
            ("loading and learning the newest 20,000 of 200,000 codings", f"{loaded:.1f} s"),
            ("memory that adds to the process", f"{after - before:.0f} MiB"),
            ("suggestions of a text", _both(said)),
            ("a coding saved while the classifier learns, median", milliseconds(median(spent))),
            ("… p99", milliseconds(percentile(spent, 0.99))),
            (f"study.sample({len(draw)}) of 1,000,000 texts", f"{drawn:.1f} s"),
        ],
    )


def run() -> None:
    learning_rows()
    print()
    with tempfile.TemporaryDirectory() as folder:
        study = _study(Path(folder))
        _coded(study)
        orders_rows(study)
        print()
        kernel_rows(study)
        study.close()
