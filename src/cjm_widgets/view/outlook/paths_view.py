"""Ways through the stages as a flow that shows itself."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from cjm_widgets.errors import UnknownName
from cjm_widgets.measure.courses.paths import END, START, Paths
from cjm_widgets.model.columns import tuples
from cjm_widgets.view.outlook import path_people
from cjm_widgets.view.outlook.path_people import Telling
from cjm_widgets.view.parts import cards
from cjm_widgets.view.parts.figures_page import Figures, Table, figures_html
from cjm_widgets.view.parts.lines import broken
from cjm_widgets.view.parts.shown import Shown
from cjm_widgets.view.parts.theme import STAGES, Theme
from cjm_widgets.words import number, say

if TYPE_CHECKING:
    import pandas as pd

COLUMN, BAR = 132, 12
LEFT, TOP, HEIGHT, LOOP, GAP, TURN = 46, 46, 150, 24, 4, 44
"""Pixels: the margin, names above, the tallest bar, the distance to the ways back below, and
between them, and how wide they turn."""
THINNEST = 1.5
LABEL_FROM = 0.06
"""Flows with a smaller share of the busiest bar bear no number; the table has all."""


@dataclass(frozen=True, slots=True)
class _Node:
    x: float
    y: float
    height: float
    hue: int
    names: tuple[str, ...]
    count: str
    stops: str
    """How many were last heard here."""
    left: float = 0.0
    left_y: float = 0.0
    """How tall, and where, what goes no further leaves the bar."""


@dataclass(frozen=True, slots=True)
class _Flow:
    path: str
    width: float
    kind: str
    label: str
    x: float
    y: float
    title: str
    place: int
    """Its number among those that can be chosen."""


class PathsView(Shown):
    """The ways respondents take through the stages.

    Parameters
    ----------
    found
        Group to its paths; one group with an empty name for all respondents.
    names
        Key of a stage to its name, in the journey's order.
    by
        What the groups are values of.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.
    telling
        What the page may tell of the people of a flow; None for nothing.
    """

    def __init__(
        self,
        found: Mapping[str, Paths],
        *,
        names: Mapping[str, str],
        by: str | None = None,
        language: str = "en",
        theme: Theme = "auto",
        telling: Telling | None = None,
    ) -> None:
        super().__init__(language, theme)
        self._telling = telling
        self.found = dict(found)
        self.names, self.by = dict(names), by

    @property
    def frame(self) -> pd.DataFrame:
        """Flows: `start`, `stop`, `respondents`, `steps`, `kind`, `share`, `low`, `high`; with
        groups, one more column before them."""
        return self._joined("flows")

    @property
    def stages(self) -> pd.DataFrame:
        """Per stage `respondents`, `entries`, `last`, `returns`."""
        return self._joined("stages")

    @property
    def ways(self) -> pd.DataFrame:
        """Per respondent the `way`, `stages`, `steps`, `first`, `last`."""
        return self._joined("ways")

    def behind(self, start: str, stop: str) -> list[str]:
        """Respondents who took a step.

        Parameters
        ----------
        start, stop
            Keys or names of stages; ``"(start)"`` and ``"(end)"`` stand before and behind.

        Raises
        ------
        UnknownName
            If there is no such stage.
        """
        a, b = (self._stage(name) for name in (start, stop))
        found = []
        for row in tuples(self.ways):
            way = [START, *str(row.way).split(" → "), END]
            if (a, b) in itertools.pairwise(way):
                found.append(str(row.respondent))
        return found

    def __repr__(self) -> str:
        n = sum(len(found.ways) for found in self.found.values())
        return say("paths.plain", self.language, n=n)

    def html(self) -> str:
        """The flows with their words, people and tables, without script.

        A flow is chosen by its number in the picture or below it; its people stand there then,
        named as the study's privacy allows.
        """
        return "".join(
            figures_html(self._figures(name, found), self.language, self.theme)
            for name, found in self.found.items()
        )

    def _joined(self, what: str) -> pd.DataFrame:
        import pandas as pd

        if self.by is None:
            table: pd.DataFrame = getattr(next(iter(self.found.values())), what).copy()
            return table
        parts = []
        for name, one in self.found.items():
            part = getattr(one, what).copy()
            part.insert(0, self.by, name)
            parts.append(part)
        joined: pd.DataFrame = pd.concat(parts, ignore_index=True)
        return joined

    def _stage(self, given: str) -> str:
        if given in (START, END) or given in self.names:
            return given
        for key, name in self.names.items():
            if name.casefold() == given.strip().casefold():
                return key
        raise UnknownName("stage", given, [*self.names, START, END])

    def _figures(self, group: str, found: Paths) -> Figures:
        language = self.language
        notes = [say("paths.note", language)]
        if found.once:
            notes.append(say("paths.once", language, n=found.once))
        if found.undated:
            notes.append(say("paths.undated", language, n=found.undated))
        title = say("paths.title", language)
        people = self._chosen(found)
        uid = f"cjm-{uuid.uuid4().hex[:12]}" if people else ""
        heads = ("start", "stop", "kind", "respondents", "steps", "share", "low", "high")
        return Figures(
            title=f"{title} · {group}" if group else title,
            subtitle=say("paths.subtitle", language, n=len(found.ways)),
            lead=[self._lead(found)],
            picture=self._picture(found, group, uid),
            below=self._people(people, uid),
            table=Table(
                [say(f"paths.columns.{name}", language) for name in heads],
                [self._cells(row) for row in tuples(found.flows)],
                [False, False, False, True, True, True, True, True],
            ),
            notes=notes,
        )

    def _lead(self, found: Paths) -> str:
        moves = found.flows[found.flows["kind"].isin(["next", "skip", "back"])]
        most = moves.sort_values("respondents", ascending=False, kind="stable").iloc[0]
        back = int(moves.loc[moves["kind"] == "back", "steps"].sum())
        return say(
            "paths.lead",
            self.language,
            start=self._name(str(most["start"])),
            stop=self._name(str(most["stop"])),
            most=int(most["respondents"]),
            back=back,
            steps=int(moves["steps"].sum()),
        )

    def _chosen(self, found: Paths) -> list[path_people.Flow]:
        """The flows that can be chosen, with their people."""
        if self._telling is None:
            return []
        return path_people.flows(found, self._telling, self._name, self.language)

    def _people(self, flows: list[path_people.Flow], uid: str) -> Markup:
        if not flows:
            return Markup()
        module: Any = cards.environment().get_template("paths.html").module
        told = (say(f"paths.{key}", self.language) for key in ("choose", "nobody", "people"))
        return Markup(module.people(uid, flows, *told))  # noqa: S704  # a template that escapes

    def _picture(self, found: Paths, group: str, uid: str) -> Markup:
        nodes, unit = self._nodes(found)
        flows, left = _flows(found.flows, nodes, unit, self)
        deepest = max((f.y + f.width / 2 for f in flows if f.kind == "back"), default=0.0)
        module = cards.environment().get_template("paths.html").module
        return Markup(  # noqa: S704  # rendered by a template that escapes
            module.picture(  # type: ignore[attr-defined]  # a macro of the template
                width=max(node.x for node in nodes.values()) + COLUMN,
                height=max(TOP + HEIGHT, deepest) + 14,
                nodes=[_leaving(node, left[key]) for key, node in nodes.items()],
                flows=flows,
                bar=BAR,
                title=f"{self!r} {group}".strip(),
                last=say("paths.last", self.language),
                uid=uid,
            )
        )

    def _nodes(self, found: Paths) -> tuple[dict[str, _Node], float]:
        back = found.flows.loc[found.flows["kind"] == "back", "steps"]
        # Ways back lie below one another: together they are no taller than the tallest bar.
        unit = HEIGHT / max(int(found.stages["entries"].max()), int(back.sum()), 1)
        left = max(LEFT, *(_bulge(unit * steps) + 4 for steps in back), 0)
        nodes = {}
        rows: Sequence[Any] = list(tuples(found.stages))
        for i, row in enumerate(rows):
            key = str(row.stage)
            height = max(unit * row.entries, 2.0)
            nodes[key] = _Node(
                x=left + COLUMN * i,
                y=TOP + (HEIGHT - height) / 2,
                height=height,
                hue=i % STAGES + 1,
                names=broken(self._name(key), COLUMN - 8, most=2),
                count=number(int(row.respondents), self.language),
                stops=number(int(row.last), self.language) if row.last else "",
            )
        return nodes, unit

    def _cells(self, row: Any) -> list[str]:
        language = self.language
        shares = [
            f"{number(100 * v, language, digits=0)} %" for v in (row.share, row.low, row.high)
        ]
        return [
            self._name(row.start),
            self._name(row.stop),
            say(f"paths.kinds.{row.kind}", language),
            number(int(row.respondents), language),
            number(int(row.steps), language),
            *shares,
        ]

    def _name(self, key: str) -> str:
        if key == START:
            return say("paths.start", self.language)
        if key == END:
            return say("paths.end", self.language)
        return self.names.get(key, key)


def _flows(
    table: pd.DataFrame, nodes: Mapping[str, _Node], unit: float, view: PathsView
) -> tuple[list[_Flow], dict[str, float]]:
    """Ribbons between the bars, and where they leave each bar's side off.

    What goes on leaves at the right, what comes back hangs below.
    """
    places = {
        (row.start, row.stop): place
        for place, row in enumerate(r for r in tuples(table) if r.start != START)
    }
    rows: Sequence[Any] = list(
        table[table["kind"].isin(["next", "skip", "back"])].itertuples(index=False)
    )
    out, into = ({key: node.y for key, node in nodes.items()} for _ in range(2))
    most = max((node.height for node in nodes.values()), default=1.0)
    low = TOP + HEIGHT + LOOP / 2
    made = []
    # The shortest ways lie innermost, so that ribbons cross as little as they must.
    for row in sorted(rows, key=lambda r: (r.kind == "back", abs(_far(r, nodes)))):
        width = max(unit * row.steps, THINNEST)
        a, b = nodes[row.start], nodes[row.stop]
        y1, y2 = out[row.start] + width / 2, into[row.stop] + width / 2
        out[row.start] += width
        into[row.stop] += width
        x1, x2 = a.x + BAR, b.x
        if row.kind == "back":
            low += width / 2 + GAP
            path, x, y = _below((x1, y1), (x2, y2), low, width), (x1 + x2) / 2, low
            low += width / 2
        else:
            path = _across(x1, y1, x2, y2)
            # A third of the way on, where no bar stands.
            x, y = (x1 + x2) / 2, (y1 + y2) / 2
            if row.kind == "skip":
                x, y = x1 + 0.4 * (COLUMN - BAR), y1 + 0.06 * (y2 - y1)
        shown = number(int(row.respondents), view.language)
        made.append(
            _Flow(
                path=path,
                width=round(width, 1),
                kind=str(row.kind),
                label="" if width < LABEL_FROM * most else _labelled(shown, str(row.kind)),
                x=round(x, 1),
                y=round(y, 1),
                title=say(
                    "paths.step",
                    view.language,
                    start=view._name(row.start),
                    stop=view._name(row.stop),
                    n=int(row.respondents),
                ),
                place=places[row.start, row.stop],
            )
        )
    return made, out


def _leaving(node: _Node, below: float) -> _Node:
    """A bar with what goes no further: all that no ribbon takes away."""
    return replace(node, left=max(0.0, node.y + node.height - below), left_y=below)


def _labelled(shown: str, kind: str) -> str:
    return f"← {shown}" if kind == "back" else shown


def _across(x1: float, y1: float, x2: float, y2: float) -> str:
    middle = (x1 + x2) / 2
    return f"M{x1} {y1:.1f}C{middle} {y1:.1f} {middle} {y2:.1f} {x2} {y2:.1f}"


def _turn(width: float) -> float:
    """How far a ribbon reaches when it turns: a wide one farther, so that it stays a curve."""
    return max(TURN, 1.4 * width)


def _bulge(width: float) -> float:
    """How far a ribbon that turns stands out beside its bar."""
    return 0.75 * _turn(width) + width / 2


def _below(start: tuple[float, float], stop: tuple[float, float], low: float, width: float) -> str:
    """Out at the right of one bar, under all, and into the left of an earlier one."""
    (x1, y1), (x2, y2) = start, stop
    turn = _turn(width)
    return (
        f"M{x1} {y1:.1f}C{x1 + turn} {y1:.1f} {x1 + turn} {low:.1f} {x1 - 4} {low:.1f}"
        f"H{x2 + 4}C{x2 - turn} {low:.1f} {x2 - turn} {y2:.1f} {x2} {y2:.1f}"
    )


def _far(row: Any, nodes: Mapping[str, _Node]) -> float:
    return nodes[row.stop].x - nodes[row.start].x
