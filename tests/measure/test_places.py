"""Differences counted in arrays are those of one text after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.measure.agreement.consensus import differences, same_passages
from cjm_widgets.measure.agreement.places import Rows, differing, same_places
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.review import On

STAGES, CODES = ("buy", "use"), ("fees", "joy", "pain")
CODING = st.tuples(
    st.integers(1, 3),  # text
    st.integers(0, 2),  # coder
    st.integers(0, 12),  # start
    st.integers(1, 12),  # length
    st.integers(-1, 1),  # stage
    st.sampled_from([None, -1.0, -0.5, 0.0, 0.25, 1.0]),
    st.frozensets(st.integers(0, 2), max_size=2),
)


def one(uid: int, row: tuple[Any, ...]) -> Coding:
    text, coder, start, long, stage, valence, codes = row
    key = None if stage < 0 else STAGES[stage]
    told = tuple(CODES[code] for code in sorted(codes))
    return Coding(str(uid), text, 1, start, start + long, f"c{coder}", key, valence, told)


def arrays(rows: list[tuple[Any, ...]]) -> tuple[Rows, tuple[Any, Any]]:
    text, coder, start, long, stage, valence, codes = zip(*rows, strict=True)
    bearing = [(at, code) for at, some in enumerate(codes) for code in some]
    made = Rows(
        *(np.array(one, dtype=np.int64) for one in (text, coder, start)),
        np.array(start, dtype=np.int64) + np.array(long, dtype=np.int64),
        np.array(stage, dtype=np.int64),
        np.array([np.nan if one is None else one for one in valence]),
    )
    pairs = np.array(bearing, dtype=np.int64).reshape(-1, 2)
    return made, (pairs[:, 0], pairs[:, 1])


@settings(max_examples=400, deadline=None)
@given(st.lists(CODING, min_size=1, max_size=14), st.sampled_from(["stage", "valence", "codes"]))
def test_places_and_differences_are_those_of_each_text_alone(given_: Any, on: On) -> None:
    rows = sorted(given_, key=lambda row: (row[0], row[2], row[2] + row[3]))
    known, bearing = arrays(rows)
    place = same_places(known)
    differs = differing(known, place, bearing, on)
    codings = [one(at, row) for at, row in enumerate(rows)]
    for text in {row[0] for row in rows}:
        mine = [coding for coding in codings if coding.feedback == text]
        coders = sorted({coding.coder for coding in mine})
        groups = same_passages(mine)
        found = {
            frozenset(int(at) for at in np.flatnonzero(place == number))
            for number in {int(place[int(coding.uid)]) for coding in mine}
        }
        assert found == {frozenset(int(coding.uid) for coding in group) for group in groups}
        for group in groups:
            sides = [[c for c in group if c.coder == who] for who in coders]
            here = bool(differs[place[int(group[0].uid)]])
            assert here == (on in differences(sides)), (on, group)


def test_a_study_without_codings_has_no_places() -> None:
    none = np.zeros(0, dtype=np.int64)
    rows = Rows(none, none, none, none, none, np.zeros(0))
    assert len(same_places(rows)) == 0
    assert len(differing(rows, none, (none, none), "stage")) == 0
