"""The verb about ways through the stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cjm_widgets.errors import NoEvidence, UnknownName
from cjm_widgets.journeymap.privacy import aliases
from cjm_widgets.measure.courses.paths import Paths, paths
from cjm_widgets.study.curves.curves import Curves
from cjm_widgets.study.evidence import evidence
from cjm_widgets.view.outlook.path_people import Telling
from cjm_widgets.view.outlook.paths_view import PathsView

if TYPE_CHECKING:
    from cjm_widgets.view.parts.theme import Theme

MOST_GROUPS = 12
"""Flows that are drawn below one another."""


class Ways(Curves):
    """How respondents go through the journey."""

    def paths(
        self, *, by: str | None = None, estimate: str | None = None, theme: Theme = "auto"
    ) -> PathsView:
        """The ways respondents really take through the stages, as a flow.

        Parameters
        ----------
        by
            ``persona``, ``channel`` or any attribute: a flow for each of its values.
        estimate
            Stages as people coded them (``"coded"``), or as columns and words predict them too
            (``"automatic"``); by default as coded, if anything is.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        PathsView
            Shows itself as a flow with widths, drop-offs and returns; `frame` has the flows,
            `stages` and `ways` the rest, `behind(start, stop)` the people of a flow. A flow that
            is chosen in the picture or below it shows its people there, in the exported page
            too; they are named as `privacy` says, and flows and ways of fewer people than its
            `minimum` are not told apart.

        Raises
        ------
        NoEvidence
            If texts have no date, or nobody was heard at two stages.
        UnknownName
            If the estimate or the attribute is unknown.
        """
        if estimate not in (None, "coded", "automatic"):
            raise UnknownName("estimate of paths", estimate, ("coded", "automatic"))
        journey = self.journey
        found = self._found("coded")
        if estimate == "automatic" or (estimate is None and found.units["stage"].isna().all()):
            found = self._found("automatic")
        units = found.units[found.units["stage"].notna()]
        # A text without a respondent is one of its own, and goes nowhere.
        named = self._store.values_of("respondent").notna()
        units = units[units["feedback"].map(named).fillna(value=False).astype("bool")]
        if not len(units):
            raise NoEvidence(
                "paths need to know who speaks: no text at a stage names its respondent; bring the "
                "feedback in with respondent='…'"
            )
        order = evidence.order(journey, found.units)
        at = self._store.values_of("at").dropna()
        names = {key: journey.stage(key).name(self.language) for key in order}
        if by is None:
            groups: dict[str, Paths] = {"": paths(units, at, order)}
        else:
            self._known_column(by)
            groups = {}
            values = units["feedback"].map(self._store.values_of(by)).astype("str")
            for value in sorted(values.dropna().unique())[:MOST_GROUPS]:
                try:
                    groups[str(value)] = paths(units[values == value], at, order)
                except NoEvidence:
                    continue
            if not groups:
                raise NoEvidence(f"paths by {by!r}: in no group was anybody heard at two stages")
        privacy = self._salted()
        people = {str(who) for found in groups.values() for who in found.ways["respondent"]}
        telling = Telling(aliases(people, privacy), privacy.minimum)
        return PathsView(
            groups, names=names, by=by, language=self.language, theme=theme, telling=telling
        )
