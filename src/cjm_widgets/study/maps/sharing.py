"""Verbs that bring the map and its tables out, as others may see them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cjm_widgets.errors import ArgumentError, FileMissing, UnknownName
from cjm_widgets.export import Options, checked, write
from cjm_widgets.journeymap import JourneyMap, Privacy, plain
from cjm_widgets.journeymap.privacy import SHORT, aliases, source_of
from cjm_widgets.journeymap.quotes import cut
from cjm_widgets.study.evidence import evidence
from cjm_widgets.study.maps.maps import Maps
from cjm_widgets.text.redaction import redact
from cjm_widgets.words import LANGUAGES

if TYPE_CHECKING:
    from cjm_widgets.view.maps.map_view import MapView
    from cjm_widgets.view.parts.theme import Theme

WORDS = ["passage", "memo"]
"""Columns of codings that hold what customers said, or coders about it."""
_TABLES = (".csv", ".xlsx")


@dataclass(frozen=True, slots=True)
class _Sheets:
    """A workbook's tables, and the map they belong to."""

    frames: Mapping[str, pd.DataFrame]
    facts: JourneyMap


class Sharing(Maps):
    """Files."""

    def export(
        self,
        *paths: str | os.PathLike[str],
        of: MapView | None = None,
        estimate: str | None = None,
        language: str | None = None,
        theme: str = "light",
        scale: float = 2.0,
    ) -> list[Path]:
        """Write the study's map or tables; the suffix of each name picks what.

        Parameters
        ----------
        paths
            One or several. ``.html``: the map as one offline page. ``.svg``, ``.png``,
            ``.pdf`` (A3 landscape): the whole map as a picture. ``.pptx``: slides. ``.xlsx``:
            the map's tables and the codings. ``.csv``: a file each for codings, scores, curve
            and KPIs beside one another, ``study.codings.csv`` and so on. ``.md``: Markdown.
            ``.mmd``: a Mermaid journey. ``.json``: the map's facts, which `read_map` opens.
        of
            Another map than ``study.map()``, such as ``study.map(kind="future")`` or
            ``study.open_snapshot("2026-Q1")``.
        estimate
            What the curve rests on: see `curve`.
        language
            ``"en"`` or ``"fr"``; the study's own by default.
        theme
            ``"light"`` or ``"dark"``, of pictures; PDF is always light. The page follows its
            reader's system.
        scale
            Pixels of a PNG for one of the drawing, 0.25 to 8.

        Returns
        -------
        list of Path
            The files written.

        Raises
        ------
        UnknownName
            If no writer knows a suffix; nothing is written then.
        ArgumentError
            If a folder does not exist.
        MissingExtra
            If there is no browser for PNG and PDF, or no python-pptx for slides.

        Notes
        -----
        All files obey `privacy`: with hidden quotes they hold no words, and respondents are
        named as on the map. The whole study, with everything in it, goes to `archive`.
        """
        if not paths:
            raise ArgumentError('give at least one file to write, such as "map.html"')
        if language is not None and language not in LANGUAGES:
            raise UnknownName("language", language, LANGUAGES)
        # Said before the map is made, which takes a while in a large study.
        targets = [checked(path) for path in paths]
        options = Options(language, theme, scale)
        made: list[Path] = []
        with self._speaking(language):
            kinds = {target.suffix.lower() for target in targets}
            drawn = of
            if drawn is None and kinds != {".csv"}:
                drawn = self.map(estimate=estimate)
            tables = self._tables(estimate) if kinds & set(_TABLES) else {}
            for target in targets:
                suffix = target.suffix.lower()
                if suffix == ".csv":
                    made += write(tables, target, options=options)
                elif drawn is not None and suffix == ".xlsx":
                    sheets = {**drawn.frames, **{k: v for k, v in tables.items() if k != "kpis"}}
                    made += write(_Sheets(sheets, drawn.facts), target, options=options)
                elif drawn is not None:
                    made += write(drawn, target, options=options)
        return made

    @contextmanager
    def _speaking(self, language: str | None) -> Iterator[None]:
        """The study in another language for a while."""
        before = self._chosen_language
        self._chosen_language = language or before
        try:
            yield
        finally:
            self._chosen_language = before

    def _tables(self, estimate: str | None) -> dict[str, pd.DataFrame]:
        privacy = self._salted()
        if estimate is None and not self._store.scorers():
            # What has not been scored is still worth a table of codings; that is no choice of
            # an estimate, which the study would keep.
            journey = self._ensure_journey()
            curve = evidence.curve(journey, evidence.coded(self._store, journey))
        else:
            curve = self.curve(estimate).frame
        return {
            "codings": self._shared(self._store.codings(), privacy),
            "scores": self.scores(),
            "curve": curve,
            "kpis": self._figures(),
        }

    def _shared(self, codings: pd.DataFrame, privacy: Privacy) -> pd.DataFrame:
        """Codings as others may see them: what a map would not show is not in them."""
        made = codings.copy()
        people = set(made["respondent"].dropna())
        alias = aliases(people, privacy)
        made["respondent"] = made["respondent"].map(alias, na_action="ignore")
        pairs = zip(codings["source_id"], codings["respondent"].fillna(""), strict=True)
        made["source_id"] = [
            alias(key) if key in people else source_of(key, who, privacy, alias)
            for key, who in pairs
        ]
        if privacy.respondents == "hide":
            made = made.drop(columns="respondent")
        if privacy.quotes == "hide":
            return made.drop(columns=WORDS)
        if privacy.minimum > 1:
            who = codings["respondent"].fillna("text " + codings["feedback"].astype("str"))
            counted = who.groupby(codings["stage"], dropna=False).transform("nunique")
            made = made.assign(
                **{name: made[name].mask(counted < privacy.minimum) for name in WORDS}
            )
        if privacy.redact:
            told = made["feedback"].map(self._store.values_of("language")).astype("str")
            spoken = told.fillna(self.language)
            for name in WORDS:
                pairs = zip(made[name], spoken, strict=True)
                plain = [redact(t, code) if isinstance(t, str) else None for t, code in pairs]
                made[name] = pd.array(plain, dtype="str")
        if privacy.quotes == "short":
            # A memo may repeat the words that the passage no longer shows.
            passages = made["passage"].map(lambda text: cut(text, SHORT), na_action="ignore")
            made = made.assign(passage=passages).drop(columns="memo")
        return made


def read_map(
    path: str | os.PathLike[str], *, language: str | None = None, theme: Theme = "auto"
) -> MapView:
    """Open a map that was exported as ``.json``; no study is needed.

    Parameters
    ----------
    path
        The file.
    language
        ``en`` or ``fr``, of the words around the facts; by default the facts' own.
    theme
        ``auto``, ``light`` or ``dark``.

    Returns
    -------
    MapView
        With the same facts, bit by bit.

    Raises
    ------
    FileMissing, ReadError
        If there is no such file, it is no map, or a newer version wrote it.
    """
    from cjm_widgets.view.maps.map_view import MapView

    place = Path(path).expanduser()
    try:
        content = place.read_bytes()
    except OSError as error:
        raise FileMissing(f"the map cannot be read: {error.strerror}", file=str(path)) from error
    return MapView(plain.from_json(content, str(path)), language=language, theme=theme)
