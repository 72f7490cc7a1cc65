"""The stage of texts that nobody has coded: from a column, from words, from what was learned."""

from __future__ import annotations

from collections.abc import Sequence

from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store
from cjm_widgets.store.desks import learning
from cjm_widgets.study.evidence.advisor import as_examples
from cjm_widgets.suggest.classifier import LEAST
from cjm_widgets.suggest.examples import KEPT, Examples
from cjm_widgets.suggest.passages import marked
from cjm_widgets.suggest.quality import CrossFitted
from cjm_widgets.suggest.vocabulary import Matcher


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
        self._matcher = Matcher(journey)
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
                examples.put(as_examples(staged, self._matcher))
                models = CrossFitted(examples.all())
                self._models = models if models.models else None
        return self._models is not None

    def stages(self, told: Sequence[learning.Told]) -> list[tuple[str, float]]:
        """The likeliest stage of each text (or part of one) and its probability; none where
        too little was coded."""
        if not self.ready or self._models is None:
            return [("", 0.0)] * len(told)
        contexts = [marked(t.text, t.language, t.context, self._matcher) for t in told]
        return self._models.stages([t.text for t in told], contexts, [t.respondent for t in told])
