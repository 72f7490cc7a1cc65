"""The verb that settles what coders differ in from Python; the widget is `review`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import pandas as pd

from cjm_widgets.errors import ArgumentError, Conflict, NoEvidence, UnknownName
from cjm_widgets.model.desk import Op
from cjm_widgets.model.review import On, Place
from cjm_widgets.study.base import EDITOR
from cjm_widgets.study.coding.review_desk import StoreReview
from cjm_widgets.study.coding.reviewing import Reviewing
from cjm_widgets.study.evidence import evidence


class Settling(Reviewing):
    """From several coders to one answer, in Python."""

    def settle(
        self,
        text: str | int,
        take: str | None = None,
        *,
        who: str,
        on: On = "stage",
        stage: str | None = None,
        valence: float | None = None,
        codes: str | Iterable[str] = (),
        memo: str = "",
    ) -> int:
        """Settle what coders differ in within one text, as the widget of `review` does.

        Parameters
        ----------
        text
            Id of the text in its source, or its number.
        take
            The coder whose answers are taken. None: the answer given by `stage`, `valence`
            (−1…1), `codes` and `memo`; without any of these the differences are left undecided.
        who
            Who settles; one ``study.undo(who)`` for each difference.
        on
            What counts as a difference: see `review`.

        Returns
        -------
        int
            Differences that were settled; those settled before are settled anew.

        Raises
        ------
        NoEvidence
            If coders do not differ in this text.
        UnknownName
            If the text, the coder, the stage or a code is unknown.
        ArgumentError
            If an answer is given besides a coder's, or `who` is no name.
        Conflict
            If somebody changed a coding meanwhile.
        """
        if not isinstance(who, str) or not who.strip():
            raise ArgumentError(f"who settles needs a name that is a non-empty text, not {who!r}")
        own = self._own(stage, valence, codes, memo)
        if take is not None and own:
            raise ArgumentError(
                f"take={take!r} takes what this coder said, so that no answer of your own "
                f"({', '.join(own)}) can be given beside it; leave one of both out"
            )
        desk = self._review_desk(who.strip(), on)
        if take is not None and take not in desk.coders:
            raise UnknownName("coder", take, desk.coders)
        number = self._store.text_number(text)
        sheet = desk.sheet(number)
        places = [place for place in sheet.places if on in place.differs]
        if not places:
            raise NoEvidence(f"coders do not differ in text {text!r} by {on}; nothing to settle")
        how = "coder" if take is not None else "own" if own else "undecided"
        said = {"feedback": number, "how": how, "chosen": take or "", **own}
        for place in places:
            _settle(desk, place, sheet.sheet.version, said)
        return len(places)

    def settled_agreement(self, on: On = "stage") -> pd.DataFrame:
        """How far coders agree, as they coded and with the consensus where they differed.

        Returns
        -------
        pandas.DataFrame
            `measure` (``percent``, ``krippendorff_alpha``), `when` (``before``, ``after``),
            `value`, `low`, `high` (95 %), `n` (texts). How reliable the coding is, ``before``
            says; ``after`` says how far one got.
        """
        progress = self._review_desk(EDITOR, on).progress()
        rows = [
            (measure, when, one.value, one.low, one.high, one.n)
            for when, figures in (("before", progress.before), ("after", progress.after))
            for measure, one in figures.items()
        ]
        kinds = {"measure": "str", "when": "str", "value": "float64", "low": "float64"}
        frame = pd.DataFrame(rows, columns=["measure", "when", "value", "low", "high", "n"])
        return frame.astype(kinds | {"high": "float64", "n": "int64"})

    def _review_desk(self, who: str, on: On) -> StoreReview:
        coders = self._people()
        return StoreReview(
            self._store, who, coders, on, lambda codings: evidence.current(codings, self.journey)
        )

    def _own(
        self, stage: str | None, valence: float | None, codes: str | Iterable[str], memo: str
    ) -> dict[str, Any]:
        """The parts of an answer that were given, by keys."""
        given = {
            "stage": None if stage is None else self.journey.stage(stage).key,
            "valence": valence,
            "codes": [
                self.codebook.code(code).key
                for code in ([codes] if isinstance(codes, str) else codes)
            ],
            "memo": memo,
        }
        return {name: part for name, part in given.items() if part not in (None, "", [])}


def _settle(desk: StoreReview, place: Place, version: int, said: dict[str, Any]) -> None:
    row = place.settled.uid if place.settled else uuid.uuid4().hex
    body = {**said, "place": place.id}
    receipt = desk.apply(Op(uuid.uuid4().hex, "code", row=row, seen_version=version, body=body))
    if not receipt.ok:
        raise (ArgumentError if receipt.why == "invalid" else Conflict)(receipt.say)
