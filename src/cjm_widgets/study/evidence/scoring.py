"""Verbs that score a study's texts."""

from __future__ import annotations

import dataclasses
import hashlib
import html
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pandas as pd

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.model.columns import SCORES
from cjm_widgets.score import Scorer, default_scorer, knows, score_with, scorer, scorer_names
from cjm_widgets.score.calls import FunctionScorer
from cjm_widgets.study.base import StudyBase
from cjm_widgets.study.evidence.evidence import newest_scorers
from cjm_widgets.study.evidence.learning import LEARNED, as_scores, learned_scores, learned_version
from cjm_widgets.study.evidence.placing import predicted_places
from cjm_widgets.study.progress import Tick
from cjm_widgets.study.progress import progress as shown
from cjm_widgets.text.language import detect
from cjm_widgets.text.sentences import sentences
from cjm_widgets.words import say

CHUNK = 5_000
"""Texts scored between two writes: coders beside a scoring study wait for no more."""


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """What `Study.score` did."""

    texts: int = 0
    """Texts scored now."""
    unknown: int = 0
    """Texts among them in which the scorer knew no word."""
    scorers: tuple[str, ...] = ()
    """Name and version of each scorer used."""
    without: dict[str, int] = field(default_factory=dict)
    """Language to number of texts that no scorer was for."""
    language: str = "en"

    def __str__(self) -> str:
        parts = [say("study.scored", self.language, n=self.texts)]
        if self.scorers:
            parts[0] += f" ({', '.join(self.scorers)})"
        if self.unknown:
            parts.append(say("study.unknown", self.language, n=self.unknown))
        if self.without:
            listed = ", ".join(f"{name}: {n}" for name, n in self.without.items())
            parts.append(say("study.unscored", self.language, languages=listed))
        return "; ".join(parts)

    def _repr_html_(self) -> str:
        return f"<p lang='{self.language}'>{html.escape(str(self))}</p>"


class Scoring(StudyBase):
    """Scoring texts, sentences and passages."""

    def score(
        self,
        scorer_: str | Callable[[str], float] | Scorer | None = None,
        /,
        *,
        progress: bool | None = None,
    ) -> ScoreReport:
        """Score what has no score yet: every text, each of its sentences, each coded passage.

        Parameters
        ----------
        scorer_
            Name of a scorer, a function from a text to −1…1 (None where it knows nothing), or a
            `Scorer`. None: cjm-en for English, cjm-fr for French. Texts in languages
            that the scorer is not for are counted and left unscored; a function scores all.
            ``"transformers:"`` and a folder: a model on this machine. ``"learned"``: learned
            from the valences that people gave in this study, cross-fitted by respondent.
        progress
            Whether a bar is shown; None shows one where somebody can see it.

        Returns
        -------
        ScoreReport
            How many texts were scored, and in how many no word was known.

        Raises
        ------
        UnknownName, ArgumentError
            If no scorer has that name, or what it gives for a text is not from −1 to 1.
        NoEvidence
            For ``"learned"``: if people rated fewer than twenty texts.

        Notes
        -----
        A text's language is found from its words where its row does not tell; where it is
        too short to tell, the study's language is taken. Each score is kept with scorer,
        version, value and whether any word was known. A text that has changed is scored again,
        as is every text when the scorer's version changes; a function without a ``version``
        has one made of its code.
        """
        if scorer_ == LEARNED:
            return self._score_learned(progress)
        self._find_languages(progress)
        languages = self._store.languages()
        plan, without = self._plan(scorer_, languages)
        texts = unknown = 0
        for used, language in plan:
            label = say("study.scoring", self.language, scorer=used.name)
            with shown(label, languages.get(language) if language else None, progress) as tick:
                more, blank = self._score_texts(used, language, tick)
            texts, unknown = texts + more, unknown + blank
            self._score_passages(used, language)
        self._note_versions([used for used, _ in plan])
        # So that the first automatic curve need not read a million texts.
        predicted_places(self._store, self.journey, self.language)
        names = tuple(f"{used.name} {used.version}" for used, _ in plan)
        return ScoreReport(texts, unknown, names, without, self.language)

    def scores(self, scorer: str | None = None, unit: str = "text") -> pd.DataFrame:
        """The scores kept in the study.

        Parameters
        ----------
        scorer
            Name of a scorer; None for all. Every version of it is there.
        unit
            ``text``, ``sentence`` or ``passage``.

        Returns
        -------
        pandas.DataFrame
            Columns of `cjm_widgets.model.columns.SCORES`.
        """
        if unit not in ("text", "sentence", "passage"):
            raise ArgumentError(f"unit is 'text', 'sentence' or 'passage', not {unit!r}")
        there = [made for made in self._store.scorers() if scorer in (None, made[0])]
        if scorer is not None and not there:
            raise UnknownName("scorer with scores here", scorer, dict(self._store.scorers()))
        parts = [
            self._store.scores(name, unit, version)  # type: ignore[arg-type]  # checked above
            for name, version in there
        ]
        return pd.concat(parts, ignore_index=True) if parts else _no_scores()

    def _plan(
        self, wanted: str | Callable[[str], float] | Scorer | None, languages: dict[str, int]
    ) -> tuple[list[tuple[Scorer, str | None]], dict[str, int]]:
        """Scorers with the language each is for, and the languages that none is for."""
        if wanted is not None and not isinstance(wanted, str):
            used = _fingerprinted(scorer(wanted, ""))
            if not used.language:
                return [(used, None)], {}
            others = {code: n for code, n in languages.items() if code != used.language}
            return [(used, used.language)], others
        if wanted is not None and not knows(wanted):
            raise UnknownName("scorer", wanted, scorer_names())
        plan: list[tuple[Scorer, str | None]] = []
        without = {}
        for language, n in languages.items():
            found = default_scorer(language) if wanted is None else _named(wanted, language)
            if found is None:
                without[language] = n
            else:
                plan.append((found, language))
        return plan, without

    def _note_versions(self, used: list[Scorer]) -> None:
        """Which version of a scorer was used last: an automatic curve rests on that."""
        before = dict(self._store.setting("scored_with") or {})
        now = before | {one.name: one.version for one in used}
        if now != before:
            self._store.set_setting("scored_with", now)

    def _find_languages(self, progress: bool | None) -> None:
        with shown(say("study.languages", self.language), None, progress) as tick:
            for chunk in self._store.texts_without_language(chunk=CHUNK):
                found = detect(chunk["text"].tolist(), fallback=self.language)
                self._store.set_languages(chunk[["feedback"]].assign(language=found))
                tick(len(chunk))

    def _score_texts(self, used: Scorer, language: str | None, tick: Tick) -> tuple[int, int]:
        texts = unknown = 0
        for chunk in self._store.texts_to_score(used.name, used.version, CHUNK, language):
            units = _units(chunk)
            scored = _scored(units, used)
            self._store.write_scores(scored)
            whole = scored[scored["unit"] == "text"]
            texts += len(whole)
            unknown += int((~whole["known"]).sum())
            tick(len(chunk))
        return texts, unknown

    def _score_learned(self, progress: bool | None) -> ScoreReport:
        """Scores of all texts, anew whenever the ratings changed."""
        store = self._store
        self.score(progress=progress)
        lexicons = newest_scorers(store, None)
        version = learned_version(store, repr(sorted(lexicons.items())))
        used = (f"{LEARNED} {version}",)
        if (store.setting("scored_with") or {}).get(LEARNED) == version:
            return ScoreReport(scorers=used, language=self.language)
        scores = [store.scores(name, "text", version=made) for name, made in lexicons.items()]
        found = learned_scores(store, pd.concat(scores, ignore_index=True))
        label = say("study.scoring", self.language, scorer=LEARNED)
        with shown(label, len(found), progress) as tick:
            for chunk in as_scores(found, version, CHUNK):
                store.write_scores(chunk)
                tick(int((chunk["unit"] == "text").sum()))
        now = dict(store.setting("scored_with") or {}) | {LEARNED: version}
        store.set_setting("scored_with", now)
        return ScoreReport(len(found), 0, used, {}, self.language)

    def _score_passages(self, used: Scorer, language: str | None) -> None:
        for chunk in self._store.passages_to_score(used.name, used.version, CHUNK, language):
            self._store.write_scores(_scored(chunk.assign(unit="passage"), used))


def _named(name: str, language: str) -> Scorer | None:
    """The scorer of that name for a language; None where it is not for that language."""
    try:
        found = scorer(name, language)
    except UnknownName:
        return None
    return found if found.language in ("", language) else None


def _fingerprinted(used: Scorer) -> Scorer:
    """A function that tells no version gets one from its code: a changed one scores anew."""
    if not isinstance(used, FunctionScorer) or used.version:
        return used
    code = getattr(used.function, "__code__", None)
    if code is None:
        return used
    said = repr((_said(code), getattr(used.function, "__defaults__", None)))
    return dataclasses.replace(used, version=hashlib.sha256(said.encode()).hexdigest()[:8])


def _said(code: types.CodeType) -> tuple[object, ...]:
    """What a function does, without where it stands."""
    constants = [_said(c) if isinstance(c, types.CodeType) else repr(c) for c in code.co_consts]
    return code.co_code, code.co_names, constants


def _no_scores() -> pd.DataFrame:
    kinds = {"text": "str", "integer": "int64", "number": "float64", "flag": "bool"}
    return pd.DataFrame({c.name: pd.Series(dtype=kinds[c.dtype]) for c in SCORES})


def _units(chunk: pd.DataFrame) -> pd.DataFrame:
    """Each text and each of its sentences, as SCORES has them, with their words as `text`."""

    def rows() -> Iterator[tuple[int, int, int, int, str, str]]:
        columns = (chunk[name] for name in ("feedback", "version", "language", "text"))
        for feedback, version, language, text in zip(*columns, strict=True):
            yield feedback, version, 0, len(text), "text", text
            for start, stop in sentences(text, language):
                yield feedback, version, start, stop, "sentence", text[start:stop]

    columns = ["feedback", "version", "start", "stop", "unit", "text"]
    return pd.DataFrame(list(rows()), columns=columns).astype({"unit": "str", "text": "str"})


def _scored(units: pd.DataFrame, used: Scorer) -> pd.DataFrame:
    valence, known = score_with(used, units["text"].tolist(), units["feedback"].tolist())
    return units.drop(columns="text").assign(
        scorer=used.name, scorer_version=used.version, valence=valence, known=known
    )
