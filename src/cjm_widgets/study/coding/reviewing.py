"""Verbs about what coders differ in: settling it, and what was settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args

import pandas as pd

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.model.review import On
from cjm_widgets.store.desks.consensus import Decision, settled
from cjm_widgets.study.coding.agreement import Agreement
from cjm_widgets.study.coding.review_desk import StoreReview
from cjm_widgets.study.evidence import evidence

if TYPE_CHECKING:
    from cjm_widgets.view.parts.theme import Theme
    from cjm_widgets.widgets.review import ReviewWidget

_SAID = ("stage", "valence", "codes", "memo")
_COLUMNS = (
    *("settled", "feedback", "id", "passage"),
    *_SAID,
    *("how", "chosen", "settled_by", "from", "at"),
)


class Reviewing(Agreement):
    """From several coders to one answer."""

    def review(
        self,
        *,
        who: str,
        coders: Iterable[str] | None = None,
        on: On = "stage",
        theme: Theme = "auto",
    ) -> ReviewWidget:
        """The widget in which differences of coders are settled.

        Parameters
        ----------
        who
            Who settles; undone by ``study.undo(who)``.
        coders
            Whose codings are compared; None for all people who coded.
        on
            What counts as a difference: other stages (``"stage"``), valences a step of the
            coder's scale or more apart (``"valence"``), or other codes (``"codes"``). What only
            one of two marked is a difference too.
        theme
            ``auto`` follows the notebook; ``light`` and ``dark`` stay.

        Returns
        -------
        ReviewWidget
            Texts in which coders differ, with what each says; take one's coding, make your own,
            leave it open, discuss it.

        Raises
        ------
        NoEvidence
            If no text has been coded by two of the coders.
        UnknownName, ArgumentError
            If a coder or `on` is unknown, or there is only one.

        Notes
        -----
        What is settled is the coding of a coder of its own, ``consensus``, and counts in curves,
        maps and figures in the place of what it settled (docs/review.md).
        """
        from cjm_widgets.widgets.review import ReviewWidget

        if not isinstance(who, str) or not who.strip():
            raise ArgumentError(f"who settles needs a name that is a non-empty text, not {who!r}")
        if on not in get_args(On):
            raise UnknownName("thing to compare (argument 'on')", on, get_args(On))
        people = self._people()
        chosen = people if coders is None else self._named(coders, people)
        if len(chosen) < 2:
            raise NoEvidence(
                "there are no differences to settle yet, since fewer than two people have coded: "
                "let another person code the same texts, with study.coder(name)"
            )
        desk = StoreReview(
            self._store,
            who.strip(),
            chosen,
            on,
            lambda frame: evidence.current(frame, self.journey),
        )
        return ReviewWidget(desk, language=self.language, theme=theme)

    def _people(self) -> list[str]:
        """Who has coded, but for the consensus and those who train."""
        known = self._store.who_coded()
        return [name for name, kind in known.items() if kind not in ("consensus", "training")]

    def settled(self) -> pd.DataFrame:
        """What was settled, and by whom.

        Returns
        -------
        pandas.DataFrame
            A row per coding of the consensus, and one per place that was left undecided:
            `settled` (name of the decision), `feedback`, `id`, `passage`, `stage` (key),
            `valence` (−1…1), `codes`, `memo`, `how` (``coder``: one coder's coding was taken,
            ``own``: the reviewer's own, ``undecided``), `chosen` (that coder), `settled_by`,
            `from` (the codings it settles, joined by ``; ``), `at` (UTC).
        """
        codings = self._store.codings().set_index("uid", drop=False)
        made = settled(self._store.base)
        open_ = [one.body["feedback"] for one in made if not one.body["codings"]]
        texts = self._store.texts(open_).set_index("feedback")
        rows = [_row(one, said) for one in made for said in _sayings(one.body, codings, texts)]
        kinds = dict.fromkeys(_COLUMNS, "str") | {"feedback": "int64", "valence": "float64"}
        frame = pd.DataFrame(rows, columns=list(_COLUMNS))
        return frame.astype(kinds | {"at": "datetime64[us]"})


def _sayings(
    body: Mapping[str, Any], codings: pd.DataFrame, texts: pd.DataFrame
) -> Iterator[Mapping[str, Any]]:
    """What the consensus says of a place; of an open one its words alone."""
    yield from (dict(codings.loc[uid]) for uid in body["codings"] if uid in codings.index)
    if not body["codings"] and body["feedback"] in texts.index:
        text = dict(texts.loc[body["feedback"]])
        there = text["version"] == body["version"]
        words = text["text"][body["start"] : body["stop"]] if there else None
        yield {"source_id": text["source_id"], "passage": words}


def _row(one: Decision, said: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        one.uid,
        one.body["feedback"],
        *(said.get(name) for name in ("source_id", "passage", *_SAID)),
        one.body["how"],
        one.body["chosen"],
        one.by,
        "; ".join(one.body["from"]),
        pd.NaT if one.at is None else pd.Timestamp(one.at, unit="us"),
    )
