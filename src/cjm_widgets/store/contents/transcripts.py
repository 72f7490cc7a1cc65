"""What `Store` answers about transcripts: turns, speakers, whose words a passage is."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.store.contents import documents, turns
from cjm_widgets.store.engine.build import frame, values
from cjm_widgets.store.history import journal
from cjm_widgets.store.tables import names
from cjm_widgets.text.turns import key

if TYPE_CHECKING:
    from cjm_widgets.store.engine.database import Database

_TURNS = {
    "feedback": "integer",
    "n": "integer",
    "start": "integer",
    "stop": "integer",
    "speaker": "text",
    "respondent": "text",
    "role": "text",
}
ROLES = ("interviewer", "respondent")


class Transcripts:
    """Turns of transcripts, as `Store` gives them."""

    base: Database

    def turns(self, ids: Iterable[int] | None = None) -> pd.DataFrame:
        """Who speaks where in the current words of transcripts.

        Parameters
        ----------
        ids
            Numbers of texts; None for all. Texts that are no transcripts give no rows.

        Returns
        -------
        pandas.DataFrame
            Columns feedback, n (from 0), start, stop (code points), speaker (as it stands in
            the text), respondent (missing for interviewers), role (``respondent`` or
            ``interviewer``), by text and place.
        """
        with self.base.read() as tx:
            said = turns.stored(tx, None if ids is None else map(int, ids))
        rows = [(o.feedback, o.n, o.start, o.stop, o.speaker, o.respondent, o.role) for o in said]
        return frame(_TURNS, rows)

    def has_turns(self) -> bool:
        """Whether any text is a transcript."""
        with self.base.read() as tx:
            return turns.spoken(tx)

    def respondents_of(self, codings: pd.DataFrame) -> pd.Series[Any]:
        """Whose words codings are about: in a focus group the speaker of the passage.

        Parameters
        ----------
        codings
            Columns feedback, version, start, stop and respondent (of the whole text).

        Returns
        -------
        pandas.Series
            Respondents, by the index of `codings`.
        """
        with self.base.read() as tx:
            return turns.credited(tx, codings)["respondent"]

    def without_interviewers(self, texts: pd.DataFrame) -> pd.DataFrame:
        """The same texts with blanks, of the same length, where interviewers speak.

        Parameters
        ----------
        texts
            Columns feedback and text (the current words), and any others.
        """
        numbers = values(texts, "feedback")
        with self.base.read() as tx:
            spans = {
                which[0]: some for which, some in turns.answers(tx, numbers, past=False).items()
            }
        if not spans:
            return texts
        words = [
            turns.without_interviewer(spans.get(number), text)
            for number, text in zip(numbers, values(texts, "text"), strict=True)
        ]
        return texts.assign(text=pd.array(words, dtype="str"))

    def set_speakers(
        self,
        speakers: Mapping[str, str | None],
        actor: str,
        texts: Sequence[int] | None = None,
    ) -> int:
        """Say who speakers are, as one action; gives its number, 0 if nothing changes.

        Parameters
        ----------
        speakers
            Label to ``"interviewer"``, ``"respondent"`` or the respondent this is; None
            forgets what was said before.
        actor
            Who says so; theirs to undo.
        texts
            Numbers of the texts meant; None for all.

        Raises
        ------
        UnknownName
            If nobody in these texts is called so.
        """
        there = self.turns(texts)
        known = {key(label): label for label in dict.fromkeys(there["speaker"].tolist())}
        for label in speakers:
            if key(str(label)) not in known:
                raise UnknownName("speaker", str(label), list(known.values()))
        with self.base.write() as tx:
            writes = []
            for label, who in speakers.items():
                for number in [None] if texts is None else texts:
                    write = documents.planned(
                        tx,
                        turns.KIND,
                        _uid(number, label),
                        _opinion(known[key(label)], who, number),
                    )
                    writes += [write] if write else []
            if not writes:
                return 0
            number = names.actor(tx, actor)
            return journal.record(tx, number, uuid.uuid4().hex, "speaker", writes).seq


def _uid(number: int | None, label: str) -> str:
    said = f"{'' if number is None else number}\0{key(label)}"
    return hashlib.blake2b(said.encode(), digest_size=12).hexdigest()


def _opinion(label: str, who: str | None, number: int | None) -> dict[str, Any]:
    body: dict[str, Any] = {"speaker": label}
    if number is not None:
        body["feedback"] = int(number)
    if who is None:
        return body
    if not isinstance(who, str) or not who.strip():
        raise ArgumentError(
            f"{label!r} is 'interviewer', 'respondent' or the name of a respondent, not {who!r}"
        )
    if who in ROLES:
        return body | {"role": who}
    return body | {"role": "respondent", "respondent": who.strip()}
