"""Verbs about transcripts: who speaks, and what becomes of codings when words are corrected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from cjm_widgets.errors import ArgumentError
from cjm_widgets.store import Followed
from cjm_widgets.study.base import EDITOR, StudyBase
from cjm_widgets.words import say

_WORD = re.compile(r"\w+(?:['’]\w+)*")


class Transcripts(StudyBase):
    """Turns, speakers and corrected texts."""

    def turns(self, texts: Sequence[str | int] | str | int | None = None) -> pd.DataFrame:
        """Who says what in the transcripts of the study, turn by turn.

        Parameters
        ----------
        texts
            Ids of texts in their sources (or their numbers, `feedback`); None for all.

        Returns
        -------
        pandas.DataFrame
            Columns `id`, `feedback`, `n` (from 0), `start`, `stop` (code points), `speaker`
            (as it stands in the text), `role` (``interviewer`` or ``respondent``),
            `respondent` (missing for interviewers), `words` (what is said). Texts that are no
            transcripts give no rows.

        Raises
        ------
        UnknownName
            If there is no such text.
        """
        found = self._store.turns(self._numbers(texts))
        ids: list[str] = []
        words: list[str] = []
        for number in found["feedback"].unique().tolist():
            group = found[found["feedback"] == number]
            kept = self._store.texts([number])
            text, name = str(kept["text"].iloc[0]), kept["source_id"].iloc[0]
            ids += [f"~{number}" if pd.isna(name) else str(name)] * len(group)
            places = zip(group["start"], group["stop"], strict=True)
            words += [text[start:stop] for start, stop in places]
        found = found.assign(id=pd.array(ids, dtype="str"), words=pd.array(words, dtype="str"))
        order = ["id", "feedback", "n", "start", "stop", "speaker", "role", "respondent", "words"]
        return found[order]

    def speakers(self) -> pd.DataFrame:
        """Who speaks in the transcripts of the study.

        Returns
        -------
        pandas.DataFrame
            A row per label and role: `speaker`, `role`, `turns`, `words` (said in all),
            `texts`; those with the most words first.
        """
        said = self.turns()
        said = said.assign(words=[len(_WORD.findall(words)) for words in said["words"]])
        grouped = said.groupby(["speaker", "role"], sort=True)
        made = grouped.agg(
            turns=("n", "size"), words=("words", "sum"), texts=("feedback", "nunique")
        ).reset_index()
        order = made.sort_values(["words", "speaker"], ascending=[False, True], kind="stable")
        return order.reset_index(drop=True)

    def set_speakers(
        self,
        speakers: Mapping[str, str | None],
        *,
        texts: Sequence[str | int] | str | int | None = None,
        actor: str = EDITOR,
    ) -> None:
        """Say who speakers are, where it was guessed wrong.

        Parameters
        ----------
        speakers
            Label to ``"interviewer"``, ``"respondent"``, or the respondent this is; None
            takes back what was said before.
        texts
            Ids or numbers of the texts meant; None for all. ``P1`` of one interview may be
            another person than ``P1`` of the next.
        actor
            Who says so; undone by ``study.undo(actor)``.

        Raises
        ------
        UnknownName
            If nobody in these texts is called so.
        """
        if not isinstance(speakers, Mapping) or not speakers:
            raise ArgumentError(
                f"speakers={speakers!r}: label to role or respondent is needed, such as "
                "{'Dan': 'interviewer', 'P1': 'anna'}"
            )
        self._store.set_speakers(speakers, actor, self._numbers(texts))

    def correct(self, text: str | int, words: str, *, actor: str = EDITOR) -> Followed:
        """Correct the words of one text; its codings go along where they fit.

        Parameters
        ----------
        text
            Id of the text in its source, or its number.
        words
            All of the text as it should be.
        actor
            Who corrects; undone, codings and all, by ``study.undo(actor)``.

        Returns
        -------
        Followed
            `followed` and `misfits`: codings that moved, and that stay at the old words.

        Raises
        ------
        UnknownName
            If there is no such text.
        ArgumentError
            If `words` is empty.
        """
        return self._store.correct(self._store.text_number(text), words, actor)

    def follow_corrections(self, *, actor: str = EDITOR) -> Followed:
        """Take along codings that were made on older words and fit the current ones.

        An import and `correct` do this by themselves; this is for codings made while the
        text was replaced, and for studies from before there was this.

        Returns
        -------
        Followed
            `followed` and `misfits`, as `correct`; undone by ``study.undo(actor)``.
        """
        return self._store.follow_corrections(actor)

    def misfits(self) -> pd.DataFrame:
        """Codings whose words are not in the corrected text any more.

        They stay at the version they were made on and count as before. Where at least 60 %
        of a passage's letters and digits are still there, in order and not far apart, a
        coding moves along; here are the others.

        Returns
        -------
        pandas.DataFrame
            Columns `coding` (uid), `coder`, `id` (of the text), `feedback`, `words` (as
            coded), `start`, `stop`, `now` (best guess: where the passage may be, and what
            stands there), `kept` (0 to 1: share of its letters still there), `why`.
        """
        found = self._store.misfits()
        why = [say(f"transcripts.{key}", self.language) for key in found["why"]]
        return found.assign(why=pd.array(why, dtype="str"))

    def _numbers(self, texts: Sequence[str | int] | str | int | None) -> list[int] | None:
        if texts is None:
            return None
        if isinstance(texts, str) or not isinstance(texts, Iterable):
            texts = [texts]
        return [self._store.text_number(one) for one in texts]
