"""The stage of texts that nobody has coded: from a column, from words, from what was learned."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store, learning
from cjm_widgets.study.advisor import as_examples
from cjm_widgets.suggest.classifier import LEAST
from cjm_widgets.suggest.examples import KEPT, Examples
from cjm_widgets.suggest.quality import CrossFitted


class Classifier:
    """Stages learned from the study's codings, by models that have not seen the respondent.

    Nothing is loaded or learned before it is asked, nor where too few passages have a stage.

    Parameters
    ----------
    store
        The study.
    journey
        Its stages; others are not told.
    """

    def __init__(self, store: Store, journey: Journey) -> None:
        self._store, self._keys = store, frozenset(stage.key for stage in journey)
        self._models: CrossFitted | None = None
        self._tried = False

    @property
    def ready(self) -> bool:
        """Whether enough is coded to learn from."""
        if not self._tried:
            self._tried = True
            coded = learning.news(self._store.base, None, None, KEPT).coded
            staged = [c for c in coded if c.stage in self._keys]
            if len(staged) >= LEAST:
                examples = Examples()
                examples.put(as_examples(staged))
                models = CrossFitted(examples.all())
                self._models = models if models.models else None
        return self._models is not None

    def stages(
        self, texts: list[str], contexts: list[tuple[str, ...]], respondents: list[str]
    ) -> list[tuple[str, float]]:
        """The likeliest stage of each text and its probability; only where `ready`."""
        if not self.ready or self._models is None:
            return [("", 0.0)] * len(texts)
        return self._models.stages(texts, contexts, respondents)


def contexts_of(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """What is known of texts besides their words, as the classifier has it from the store."""
    names = [n for n in ("channel", "touchpoint", learning.QUESTION) if n in rows.columns]
    columns = [rows[name] for name in names]
    return [
        tuple(
            f"{name}: {value}"
            for name, value in zip(names, values, strict=True)
            if isinstance(value, str)
        )
        for values in zip(*columns, strict=True)
    ] or [()] * len(rows)


def respondents_of(rows: pd.DataFrame) -> list[str]:
    """Who said each text; somebody of their own where nobody is named."""
    return [
        who if isinstance(who, str) else f"~{number}"
        for who, number in zip(rows["respondent"], rows["feedback"], strict=True)
    ]


def top_keys(journey: Journey, stages: Iterable[str | None]) -> list[str]:
    """The main stages that stages belong to; empty where there is none."""
    return [journey.top_of(key) if key else "" for key in stages]
