"""The classifier of a study at work: what it learns from, what it says of texts."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterable, Mapping

from cjm_widgets.errors import ArgumentError
from cjm_widgets.model.journey import Journey
from cjm_widgets.model.suggestion import Drawn, Suggestion, Worth
from cjm_widgets.store import Store
from cjm_widgets.store.desks import learning
from cjm_widgets.suggest.classifier import LEAST, Model
from cjm_widgets.suggest.examples import KEPT, Example, Examples
from cjm_widgets.suggest.learner import Learner
from cjm_widgets.suggest.passages import Passage, by_model, by_words, guesses, marked
from cjm_widgets.suggest.quality import cross_validated
from cjm_widgets.suggest.vocabulary import Matcher

MORE = 1.2
"""So many times as many codings, and what suggestions are worth is looked into again."""
JUDGED = 4_000
"""At most so many codings, the newest, tell what suggestions are worth."""


class Advisor:
    """Makes suggestions for one coder's desk, or for the whole study.

    Parameters
    ----------
    store
        The study.
    coder
        Whose codings it learns from, beside those of imports and of the consensus: a coder who
        codes blind must not learn from suggestions what others said. None: everybody's.
    stratified
        Makes the stratified sample of a coder's queue.
    """

    def __init__(
        self,
        store: Store,
        coder: str | None = None,
        stratified: Callable[[str], Drawn] | None = None,
    ) -> None:
        self._store, self._coder, self._stratified = store, coder, stratified
        self._seq: int | None = None
        self._matcher: Matcher | None = None
        self._known: tuple[frozenset[str], frozenset[str]] = frozenset(), frozenset()
        self._shape = -1
        self._learner = Learner(self._catch_up)
        self._worth: Worth | None = None
        self._judging: threading.Thread | None = None

    @property
    def learner(self) -> Learner:
        """What learns in the background."""
        return self._learner

    def model(self) -> Model | None:
        """The model of the study as it is now; None where too little is coded."""
        return self._learner.now()

    def notice(self) -> None:
        self._learner.notice()

    def worth(self) -> Worth | None:
        """How often stages are right, by cross-validation; looked into in the background when
        there are a fifth more codings than when it was last told."""
        known = self._learner.known()
        old = 0 if self._worth is None else self._worth.n
        idle = self._judging is None or not self._judging.is_alive()
        if idle and self._learner.model is not None and known >= max(LEAST, old * MORE):
            self._judging = threading.Thread(target=self._judge, name="cjm-worth", daemon=True)
            self._judging.start()
        return self._worth

    def _judge(self) -> None:
        kept = self._learner.examples()[-JUDGED:]
        found = cross_validated(kept)
        stages = found[found["what"] == "stage"]
        told = len(stages) > 0
        accuracy = float(stages["right"].mean()) if told else None
        self._worth = Worth(accuracy, len(stages) if told else len(kept))

    def suggest(
        self, feedback: int, version: int, language: str, passages: Mapping[tuple[int, int], str]
    ) -> tuple[Suggestion, ...]:
        if not passages:
            return ()
        self._learner.notice()
        model = self._learner.model
        told = [] if model is None else learning.told(self._store.base, [feedback])
        context = told[0].context if told else ()
        wanted = [
            Passage(feedback, version, start, stop, words, language, context)
            for (start, stop), words in passages.items()
        ]
        return tuple(self.judged(wanted, model))

    def judged(self, passages: list[Passage], model: Model | None) -> list[Suggestion]:
        """Suggestions of stages and codes that the study still has: by what was learned, else
        by the journey's vocabulary."""
        matcher, (stages, codes) = self._now()
        if model is not None:
            passages = [
                dataclasses.replace(p, context=marked(p.text, p.language, p.context, matcher))
                for p in passages
            ]
        if model is None or model.stage is None:
            found = by_words(passages, matcher)
            if model is None:
                return found
            spoken = {(s.feedback, s.start) for s in found}
            more = by_model(passages, model, matcher)
            return found + [s for s in more if (s.feedback, s.start) not in spoken]
        made = by_model(passages, model, matcher)
        return [
            s for s in made if (s.stage is None or s.stage in stages) and codes.issuperset(s.codes)
        ]

    def doubt(self, feedback: list[int]) -> dict[int, float]:
        model = self._learner.model or self._learner.now()
        if model is None:
            return {}
        texts = learning.told(self._store.base, feedback)
        matcher, _ = self._now()
        contexts = [marked(t.text, t.language, t.context, matcher) for t in texts]
        found = guesses(model, [t.text for t in texts], contexts)
        return {t.feedback: 1 - g.margin for t, g in zip(texts, found, strict=True)}

    def stratified(self, coder: str) -> Drawn:
        if self._stratified is None:
            raise ArgumentError("this desk draws no samples; open it with study.coder(name)")
        return self._stratified(coder)

    def _now(self) -> tuple[Matcher, tuple[frozenset[str], frozenset[str]]]:
        """The journey's vocabulary, and the stages and codes there are."""
        seq = self._store.seq()
        if self._matcher is None or seq != self._shape:
            journey: Journey = self._store.journey()
            if self._matcher is None or journey != self._matcher.journey:
                self._matcher = Matcher(journey)
            codes = frozenset(code.key for code in self._store.codebook())
            self._known = frozenset(stage.key for stage in journey), codes
            self._shape = seq
        return self._matcher, self._known

    def _catch_up(self, examples: Examples) -> bool:
        found = learning.news(self._store.base, self._seq, self._coder, KEPT)
        if found.seq == self._seq:
            return False
        if self._seq is None and len(found.coded) < LEAST:
            # Nothing could be learned yet, so nothing is loaded for learning either.
            return False
        self._seq = found.seq
        if found.whole:
            examples.clear()
        examples.drop(found.gone)
        examples.put(as_examples(found.coded, self._now()[0]))
        return bool(found.whole or found.coded or found.gone)


def as_examples(coded: Iterable[learning.Coded], matcher: Matcher) -> list[Example]:
    """Codings as what a classifier learns from."""
    return [
        Example(
            uid=c.uid,
            text=c.text,
            context=marked(c.text, c.language, c.context, matcher),
            respondent=c.respondent,
            stage=c.stage,
            codes=c.codes,
            valence=c.valence,
        )
        for c in coded
    ]
