"""Verbs about suggestions: what is proposed, and what that is worth."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.measure.interval import cells, grouped_means
from cjm_widgets.measure.loyalty import wilson
from cjm_widgets.store.desks import learning
from cjm_widgets.store.desks.suggesting import ACCEPTED, REFUSAL, free
from cjm_widgets.study.base import StudyBase
from cjm_widgets.study.evidence.advisor import Advisor, as_examples
from cjm_widgets.suggest.classifier import LEAST
from cjm_widgets.suggest.examples import KEPT, Examples, Kept
from cjm_widgets.suggest.passages import Passage
from cjm_widgets.suggest.quality import WHATS, answers, cross_validated
from cjm_widgets.suggest.vocabulary import Matcher
from cjm_widgets.text.sentences import sentences
from cjm_widgets.words import say

FEW = 30
"""Passages below which no accuracy is told."""
KINDS = {
    "feedback": "int64",
    "start": "int64",
    "stop": "int64",
    "passage": "str",
    "what": "str",
    "key": "str",
    "probability": "float64",
    "words": "str",
    "by": "str",
    "model": "str",
    "uid": "str",
}


class Suggesting(StudyBase):
    """Suggestions of stages, codes and valences."""

    def suggestions(
        self, texts: int | Iterable[int] | None = None, *, limit: int = 1_000
    ) -> pd.DataFrame:
        """What is proposed for passages that nobody has coded; no coding is made of it.

        Before there are codings, stages are proposed by the journey's vocabulary; from thirty
        codings on by a classifier that learned from them (see docs/suggestions.md).

        Parameters
        ----------
        texts
            Number of a text, or several (column `feedback` of other frames); None for the first
            texts without any coding.
        limit
            At most so many texts.

        Returns
        -------
        pandas.DataFrame
            A row per sentence and proposed part: `feedback`, `start`, `stop` (code points),
            `passage`, `what` (``stage``, ``code`` or ``valence``), `key` (of stage or code; the
            valence as −1 to 1), `probability` (0…1; missing for the vocabulary, which cannot
            tell), `words` (that speak for it), `by` (``vocabulary`` or ``classifier``), `model`
            (version), `uid` (of the suggestion). What anybody refused, sentences that were
            coded and what interviewers say are left out.

        Raises
        ------
        UnknownName
            If there is no such text.
        ArgumentError
            If `limit` is not above 0, or `texts` are no numbers.
        """
        if limit < 1:
            raise ArgumentError(f"limit is a number of texts, at least 1, not {limit!r}")
        self._ensure_journey()
        base = self._store.base
        wanted = learning.uncoded(base, limit) if texts is None else _numbers(texts)[:limit]
        told = learning.told(base, wanted)
        if missing := set(wanted) - {one.feedback for one in told}:
            raise UnknownName("text", min(missing))
        taken = self._not_free(wanted)
        passages = [
            Passage(t.feedback, t.version, start, stop, t.text[start:stop], t.language, t.context)
            for t in told
            for start, stop in free(sentences(t.text, t.language), taken.get(t.feedback, ()))
        ]
        advisor = self._advisor()
        refused = learning.refused(base)
        made = [s for s in advisor.judged(passages, advisor.model()) if s.uid not in refused]
        words = {(p.feedback, p.start): p.text for p in passages}
        rows: list[tuple[Any, ...]] = []
        for s in made:
            parts = [("stage", s.stage)] if s.stage else []
            parts += [("code", code) for code in s.codes]
            parts += [("valence", f"{s.valence:g}")] if s.valence is not None else []
            for what, key in parts:
                p = s.each.get(what if what != "code" else f"code:{key}", np.nan)
                rows.append(
                    (
                        *(s.feedback, s.start, s.stop, words[s.feedback, s.start], what, key, p),
                        *("; ".join(s.words), s.by, s.model, s.uid),
                    )
                )
        return pd.DataFrame(rows, columns=list(KINDS)).astype(KINDS)

    def suggestion_quality(self) -> pd.DataFrame:
        """What suggestions are worth here: how often right, how often taken.

        Returns
        -------
        pandas.DataFrame
            A row per `what` (stage, code, valence) and `by` (classifier, vocabulary):

            - `n`, `respondents`: coded passages the accuracy rests on, and who said them
            - `accuracy` with `low`, `high` (95 %, clustered by respondent): share of passages in
              which the likeliest answer is what a person said. The classifier is judged by
              five-fold cross-validation: no passage by a model that knows its respondent
            - `baseline`: share that the most frequent answer alone would get
            - `probability`: mean probability it gave; near `accuracy` if it can be trusted
            - `accepted`, `corrected`, `refused`: what coders did with suggestions
            - `taken` with `taken_low`, `taken_high`: accepted unchanged, of all decided upon
            - `note`: why a figure is missing

        Raises
        ------
        NoEvidence
            If nothing is coded or decided yet that could tell.

        Notes
        -----
        Where a suggestion was seen before the passage was coded, people agree with it more
        easily: `taken` is no accuracy, and neither is quite the `accuracy` of passages that
        were coded by accepting.
        """
        coded = learning.news(self._store.base, None, None, KEPT).coded
        examples = Examples()
        enough = len(coded) >= FEW
        if enough:
            examples.put(as_examples(coded, Matcher(self._ensure_journey())))
        kept = examples.all()
        decided = self._decided(coded)
        if not enough and not sum(decided.values()):
            raise NoEvidence(
                f"what suggestions are worth shows from {FEW} coded passages on, or once some are "
                f"accepted or refused; coded so far: {len(coded)}"
            )
        tested = cross_validated(kept)
        rows = [self._quality_of(what, "classifier", tested, kept, decided) for what in WHATS]
        rows.append(self._quality_of("stage", "vocabulary", self._by_words(coded), kept, decided))
        kinds = {"n": "int64", "respondents": "int64", "note": "str", "what": "str", "by": "str"}
        return pd.DataFrame(rows).astype(kinds)

    def close(self) -> None:
        """Bring everything into the one file and let it go."""
        for advisor in getattr(self, "_advisors", {}).values():
            advisor.learner.close()
        super().close()

    def _advisor(self, coder: str | None = None) -> Advisor:
        """The classifier of the whole study, or of a coder's desk; one each."""
        if not hasattr(self, "_advisors"):
            self._advisors: dict[str | None, Advisor] = {}
        if coder not in self._advisors:
            self._advisors[coder] = Advisor(self._store, coder, self._stratified)
        return self._advisors[coder]

    def _stratified(self, coder: str) -> Any:
        raise NotImplementedError  # the verbs of sampling know how

    def _not_free(self, wanted: list[int]) -> dict[int, list[tuple[int, int]]]:
        """Ranges that are coded, or that an interviewer speaks."""
        found: dict[int, list[tuple[int, int]]] = {}
        for number, start, stop in learning.ranges(self._store.base, wanted):
            found.setdefault(number, []).append((start, stop))
        turns = self._store.turns(wanted)
        asked = turns[turns["role"] == "interviewer"]
        for number, start, stop in asked[["feedback", "start", "stop"]].to_numpy().tolist():
            found.setdefault(number, []).append((start, stop))
        return found

    def _by_words(self, coded: tuple[learning.Coded, ...]) -> pd.DataFrame:
        """What the journey's vocabulary says of coded passages; it has learned from none."""
        matcher = Matcher(self._ensure_journey())
        staged = [c for c in coded if c.stage is not None]
        usual = pd.Series([c.stage for c in staged], dtype="str").mode()
        rows = []
        for c in staged:
            found = matcher.stages(c.text, c.language)
            if found:
                right = found[0][0] == c.stage
                common = bool(len(usual)) and usual[0] == c.stage
                rows.append((c.uid, c.respondent, "stage", found[0][0], np.nan, right, common))
        columns = ["uid", "respondent", "what", "guess", "probability", "right", "common"]
        made = pd.DataFrame(rows, columns=columns)
        return made.astype({"right": "bool", "common": "bool", "probability": "float64"})

    def _quality_of(
        self,
        what: str,
        by: str,
        tested: pd.DataFrame,
        kept: list[Kept],
        decided: dict[tuple[str, str, str], int],
    ) -> dict[str, Any]:
        mine = tested[tested["what"] == what]
        row: dict[str, Any] = {
            "what": what,
            "by": by,
            "n": len(mine),
            "respondents": mine["respondent"].nunique(),
            **dict.fromkeys(("accuracy", "low", "high", "baseline", "probability"), np.nan),
            "note": "",
        }
        if len(mine) < FEW or row["respondents"] < 2:
            there = sum(bool(answers(k, what)) for k in kept)
            row["note"] = say("suggest.too_few", self.language, n=there, least=LEAST)
        else:
            right = mine["right"].to_numpy(dtype=np.float64)
            who = pd.factorize(mine["respondent"])[0].astype(np.int64)
            means = grouped_means(
                cells(right, np.zeros(len(right), dtype=np.int64), 1, who), bounds=(0.0, 1.0)
            )
            row |= {
                "accuracy": float(means.mean[0]),
                "low": float(means.low[0]),
                "high": float(means.high[0]),
                "baseline": float(mine["common"].mean()),
                "probability": float(mine["probability"].mean()),
            }
        counts = {did: decided.get((what, by, did), 0) for did in DECISIONS}
        n = sum(counts.values())
        low, high = wilson(counts["accepted"], n) if n else (np.nan, np.nan)
        taken = counts["accepted"] / n if n else np.nan
        return {**row, **counts, "taken": taken, "taken_low": low, "taken_high": high}

    def _decided(self, coded: tuple[learning.Coded, ...]) -> dict[tuple[str, str, str], int]:
        """What, by whom proposed and what became of it, to how often."""
        count: dict[tuple[str, str, str], int] = {}
        now = {c.uid: c for c in coded}
        for uid, body in self._store.documents(ACCEPTED).items():
            if uid not in now:
                continue  # removed since, or too old to be looked at
            coding = now[uid]
            said = {"stage": coding.stage, "code": list(coding.codes), "valence": coding.valence}
            for what, proposed in _parts(body).items():
                did = "accepted" if said[what] == proposed else "corrected"
                key = (what, str(body.get("by") or "vocabulary"), did)
                count[key] = count.get(key, 0) + 1
        for body in self._store.documents(REFUSAL).values():
            for what in _parts(body):
                key = (what, str(body.get("by") or "vocabulary"), "refused")
                count[key] = count.get(key, 0) + 1
        return count


DECISIONS = ("accepted", "corrected", "refused")


def _parts(body: dict[str, Any]) -> dict[str, Any]:
    """What was proposed: stage, codes, valence."""
    parts: dict[str, Any] = {"stage": body.get("stage"), "valence": body.get("valence")}
    parts["code"] = sorted(body.get("codes") or ()) or None
    return {what: proposed for what, proposed in parts.items() if proposed is not None}


def _numbers(texts: int | Iterable[int]) -> list[int]:
    """Numbers of texts, one or several."""
    try:
        some = texts if isinstance(texts, Iterable) else [texts]
        return [operator.index(one) for one in some]
    except TypeError as error:
        raise ArgumentError(
            f"texts are numbers, as the column feedback of study.codings() has them, not {texts!r}"
        ) from error
