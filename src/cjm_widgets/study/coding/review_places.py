"""The places of one text at which coders say something, and what was decided there."""

from __future__ import annotations

from collections.abc import Sequence

from cjm_widgets.measure.agreement.consensus import differences, same_passages
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.review import On, Place, Settled, Side
from cjm_widgets.store.desks.consensus import Decision, when


def places_of(
    people: Sequence[Coding], agreed: Sequence[Coding], made: Sequence[Decision], version: int
) -> tuple[Place, ...]:
    """The places of a text, with what each of its coders says there and what was decided.

    Parameters
    ----------
    people, agreed
        Codings of one version of the text: those of people, and those of the consensus.
    made
        What was decided about the text, the newest last.
    """
    coders = sorted({one.coder for one in people})
    if len(coders) < 2:
        return ()
    consensus = {one.uid: one for one in agreed}
    places = []
    for group in same_passages(people):
        sides = tuple(
            Side(name, tuple(one for one in group if one.coder == name)) for name in coders
        )
        uids = {one.uid for one in group}
        decided = next(
            (
                one
                for one in reversed(made)
                if one.body["version"] == version and not uids.isdisjoint(one.body["from"])
            ),
            None,
        )
        places.append(
            Place(
                group[0].uid,
                min(one.start for one in group),
                max(one.stop for one in group),
                sides,
                differences(side.codings for side in sides),
                None if decided is None else _settled(decided, consensus),
                decided is not None and not uids <= set(decided.body["from"]),
            )
        )
    return tuple(places)


def _settled(decision: Decision, consensus: dict[str, Coding]) -> Settled:
    body = decision.body
    codings = tuple(consensus[uid] for uid in body["codings"] if uid in consensus)
    return Settled(decision.uid, body["how"], body["chosen"], decision.by, when(decision), codings)


def left(places: Sequence[Place], on: On) -> tuple[int, int]:
    """Differences that are open, and all."""
    found = [place for place in places if on in place.differs]
    still = [
        place
        for place in found
        if place.settled is None or place.settled.how == "undecided" or place.news
    ]
    return len(still), len(found)
