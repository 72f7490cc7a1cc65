"""Two maps beside one another: differences marked and tested."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from cjm_widgets.errors import ArgumentError
from cjm_widgets.journeymap import Difference, JourneyMap, Overlay, Point, View
from cjm_widgets.journeymap.cells import integer, number, rows
from cjm_widgets.measure.curves.comparison import compare_curves
from cjm_widgets.view.maps.map_view import MapView

if TYPE_CHECKING:
    import pandas as pd

OTHER = "compared"
"""The column under which the other map stands among the page's choices."""


def compare_maps(this: MapView, other: MapView, *, side_by_side: bool = False) -> MapView:
    """One map with another's curve laid over it, and what differs, stage by stage.

    Parameters
    ----------
    this, other
        Maps that ``study.map(…)`` made, of one study or of two; stages are matched by key.
    side_by_side
        Whether the other's lanes stand below each of this one's, stage by stage.

    Returns
    -------
    MapView
        `this`, with the other's curve, a lane that says how each stage differs (this minus
        other) with its 95 % interval, and the other map whole behind a choice on the page.
        `differences` is the frame behind it: see `measure.curves.comparison.compare_curves`.

    Raises
    ------
    ArgumentError
        If one of the two is no map of a study, or they share no stage.
    """
    for which, view in (("first", this), ("second", other)):
        if not isinstance(view, MapView) or view.units is None:
            raise ArgumentError(
                f"compare_maps: the {which} is no map that a study made, so that nothing can be "
                f"tested; give two of study.map(…)"
            )
    shared = [c.key for c in this.facts.stages if c.key in {o.key for o in other.facts.stages}]
    if not shared:
        raise ArgumentError(
            "compare_maps: the two maps share no stage; stages are matched by their keys"
        )
    tested = _differences(this, other, shared)
    assert other.units is not None  # noqa: S101  # refused above
    spoken = other.units[other.units["stage"].isin(shared) & other.units["valence"].notna()]
    facts = _marked(this.facts, other.facts, tested, int(spoken["respondent"].nunique()))

    def views() -> tuple[tuple[View, ...], int]:
        own, left = this.views()
        return (View(other.facts, OTHER, other.facts.title), *own), left

    made = MapView(
        facts,
        language=this.language,
        theme=this.theme,
        brand=this.brand,
        layout=this.arrangement,
        views=views,
        units=this.units,
        beside=other.facts if side_by_side else None,
    )
    made.differences = tested
    return made


def _differences(this: MapView, other: MapView, shared: list[str]) -> pd.DataFrame:
    """This minus other; stages that privacy holds back on either side are not told."""
    quiet = {c.key for view in (this, other) for c in view.facts.stages if c.withheld}
    kept = [key for key in shared if key not in quiet]

    def units(view: MapView) -> pd.DataFrame:
        assert view.units is not None  # noqa: S101  # compare_maps has refused such a view
        here = view.units[view.units["stage"].isin(kept) & view.units["valence"].notna()]
        return here.assign(stage=here["stage"].astype("str"))

    before, after = units(other), units(this)
    return compare_curves(before, after, respondent="respondent")


def _marked(this: JourneyMap, other: JourneyMap, tested: pd.DataFrame, people: int) -> JourneyMap:
    found = {
        str(row["stage"]): Difference(
            other=number(row, "before"),
            n=integer(row, "n_before") or 0,
            difference=number(row, "difference"),
            low=number(row, "low"),
            high=number(row, "high"),
            p=number(row, "p_holm"),
        )
        for row in rows(tested)
    }
    theirs = {column.key: column for column in other.stages}
    points = tuple(
        Point(c.key, o.mean, o.low, o.high, o.n, o.respondents)
        if (o := theirs.get(c.key)) is not None
        else Point(c.key)
        for c in this.stages
    )
    line = Overlay(other.title, points, sum(p.n for p in points), people, what="other")
    return dataclasses.replace(
        this,
        stages=tuple(
            dataclasses.replace(c, compared=found.get(c.key, Difference(other=None)))
            for c in this.stages
        ),
        overlays=(*this.overlays, line),
        compared_with=other.title,
        lanes=_beside_the_curve(this.lanes),
    )


def _beside_the_curve(lanes: tuple[str, ...]) -> tuple[str, ...]:
    """The lane of differences right below the curve, or first where there is none."""
    rest = [lane for lane in lanes if lane != "compared"]
    place = rest.index("curve") + 1 if "curve" in rest else 0
    return (*rest[:place], "compared", *rest[place:])
