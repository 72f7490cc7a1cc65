"""Verbs about scorers: how well each agrees with this study's people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cjm_widgets.errors import ArgumentError, CjmError, NoEvidence
from cjm_widgets.score import PREFERRED, installed, score_with, scorer
from cjm_widgets.score.fit import LEAST, PEOPLE, difference, fits
from cjm_widgets.store import Store
from cjm_widgets.study.base import StudyBase
from cjm_widgets.view.curves.scorers_view import Advice, ScorersView

if TYPE_CHECKING:
    from cjm_widgets.score.protocol import Flags, Valences
    from cjm_widgets.view.parts.theme import Theme

ENOUGH = 30
"""Ratings from which on a scorer is recommended."""
_PLACE = ["feedback", "version", "start", "stop"]
_NOBODY = "\0"
"""A scorer that no study has: every rated passage still wants its score."""


class ScorerVerbs(StudyBase):
    """Which scorer to choose."""

    def scorers(self, *, most: int = 3_000, theme: Theme = "auto") -> ScorersView:
        """How well each scorer agrees with the valences that people gave in this study.

        Every installed scorer reads the rated passages anew; scorers that are not installed
        but have scores here (functions, models, ``"learned"``) stand with those.

        Parameters
        ----------
        most
            Rated passages that are read at most; of more, so many are drawn at random, the
            same ones each time.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        ScorersView
            Shows itself as a picture with a recommendation. `frame` has a row per scorer:
            `scorer`, `version`, `stale` (its scores here are of another version), `n`,
            `respondents`, `spearman` and `pearson` with `_low` and `_high`, `error` (mean
            absolute difference), `bias` (mean score less mean rating), `unknown` (share of
            passages without a known word). `by_stage` and `by_language` have the same per
            stage and language.

        Raises
        ------
        NoEvidence
            If people rated fewer than ten passages, or of fewer than five respondents.
        ArgumentError
            If `most` is below ten.

        Notes
        -----
        A passage that several people rated counts once, with the mean of their valences.
        Intervals resample respondents. See `cjm_widgets.score.fit` and docs/scorers.md.
        """
        if most < LEAST:
            raise ArgumentError(f"most={most!r}: at least {LEAST} passages must be compared")
        rated = _rated(self._store, most)
        people = rated["respondent"].nunique()
        if len(rated) < LEAST or people < PEOPLE:
            raise NoEvidence(
                f"people rated {len(rated)} passages of {people} respondents; to compare "
                f"scorers, rate at least {LEAST} of {PEOPLE}, better {ENOUGH}: "
                f"study.coder() or study.sample(…)"
            )
        given = _Given(self._store, rated)
        pairs, versions, refused = given.pairs()
        frame = fits(pairs)
        frame.insert(1, "version", frame["scorer"].map(versions).astype("str"))
        stale = [given.stale(name, versions[name]) for name in map(str, frame["scorer"])]
        frame.insert(2, "stale", stale)
        staged = pairs[pairs["stage"].notna()]
        return ScorersView(
            frame,
            by_stage=fits(staged, ["stage"]),
            by_language=fits(pairs, ["language"]),
            advice=[_advice(pairs, code) for code in rated["language"].unique()],
            names={stage.key: stage.name(self.language) for stage in self.journey},
            refused=refused,
            passages=len(rated),
            sampled=len(rated) == most,
            language=self.language,
            theme=theme,
        )


def _rated(store: Store, most: int) -> pd.DataFrame:
    """Rated passages, each once: place, rating, stage, respondent, language, text."""
    codings = store.codings()
    codings = codings[codings["valence"].notna()]
    means = codings.groupby(_PLACE, sort=True).agg(
        rating=("valence", "mean"), stage=("stage", "first"), respondent=("respondent", "first")
    )
    means = means.reset_index()
    if len(means) > most:
        means = means.sample(most, random_state=20).sort_index()
    chunks = [
        chunk.merge(means, on=_PLACE) for chunk in store.passages_to_score(_NOBODY, _NOBODY, 20_000)
    ]
    if not chunks:
        return means.assign(language="", text="")
    rated = pd.concat(chunks, ignore_index=True)
    alone = "text " + rated["feedback"].astype("str")
    rated["respondent"] = rated["respondent"].astype("str").fillna(alone)
    rated["language"] = rated["language"].astype("str").fillna(store.language)
    return rated


@dataclass(frozen=True, slots=True)
class _Given:
    """Where each scorer's valences of the rated passages come from."""

    store: Store
    rated: pd.DataFrame

    def pairs(self) -> tuple[pd.DataFrame, dict[str, str], dict[str, str]]:
        """Ratings beside scores, versions, and scorers that could not score with the reason."""
        parts, versions, refused = [], {}, {}
        for name in installed():
            try:
                part, version = self._anew(name)
            except CjmError as why:
                refused[name] = str(why)
                continue
            if len(part):
                parts.append(part)
                versions[name] = version
        for name, version in self._stored().items():
            if name not in versions and name not in refused:
                part = self._kept(name, version)
                if len(part):
                    parts.append(part)
                    versions[name] = version
        if not parts:
            raise NoEvidence(
                "no scorer is for the languages of the rated passages; score the texts with a "
                "function of your own first: study.score(function)"
            )
        return pd.concat(parts, ignore_index=True), versions, refused

    def stale(self, name: str, version: str) -> bool:
        """Whether the study's scores by a scorer are of another version of it."""
        return self._stored().get(name, version) != version

    def _stored(self) -> dict[str, str]:
        last = self.store.setting("scored_with") or {}
        return {name: last.get(name, version) for name, version in self.store.scorers()}

    def _anew(self, name: str) -> tuple[pd.DataFrame, str]:
        parts, version = [], ""
        for code, rows in self.rated.groupby("language", sort=False):
            try:
                made = scorer(name, str(code))
            except ArgumentError:
                continue  # not for this language
            if made.name == name and made.language in ("", code):
                valence, known = score_with(made, rows["text"].tolist(), rows["feedback"].tolist())
                parts.append(_beside(rows, name, valence, known))
                version = made.version
        return (pd.concat(parts) if parts else self.rated.head(0)), version

    def _kept(self, name: str, version: str) -> pd.DataFrame:
        """By the scores the study keeps: of the passage, else of the whole text."""
        of_passage = self.store.scores(name, "passage", version=version)
        of_text = self.store.scores(name, "text", version=version)
        found = self.rated.merge(
            of_passage[[*_PLACE, "valence", "known"]], on=_PLACE, how="left"
        ).merge(
            of_text[["feedback", "version", "valence", "known"]],
            on=["feedback", "version"],
            how="left",
            suffixes=("", "_text"),
        )
        valence = found["valence"].fillna(found["valence_text"])
        known = found["known"].where(found["valence"].notna(), found["known_text"])
        there = valence.notna().to_numpy()
        return _beside(
            self.rated[there],
            name,
            valence[there].to_numpy(dtype=np.float64),
            known[there].to_numpy(dtype=np.bool_),
        )


def _beside(rows: pd.DataFrame, name: str, valence: Valences, known: Flags) -> pd.DataFrame:
    columns = ["rating", "stage", "respondent", "language"]
    return rows[columns].assign(passage=rows.index, scorer=name, score=valence, known=known)


def _advice(pairs: pd.DataFrame, code: str) -> Advice:
    """Which scorer to take for the texts of a language."""
    here = pairs[pairs["language"] == code]
    table = fits(here).dropna(subset="spearman").sort_values("spearman", ascending=False)
    n = int(here["passage"].nunique())
    if n < ENOUGH or not len(table):
        return Advice(code, n)
    best = str(table["scorer"].iloc[0])
    usual = PREFERRED.get(code, ("",))[0]
    rivals = table.loc[table["scorer"] != best, "scorer"].tolist()
    near = [name for name in rivals if not difference(here, best, name)[0] > 0]
    # Where the best is best by chance only, the default stays: its scores are there already.
    choice = usual if usual in near else best
    value = float(table.loc[table["scorer"] == choice, "spearman"].iloc[0])
    others = [name for name in [best, *near] if name != choice]
    return Advice(code, n, choice, value, tuple(others), clear=not others and len(table) > 1)
