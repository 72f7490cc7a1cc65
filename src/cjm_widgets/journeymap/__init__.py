"""JourneyMap: every fact a map shows, as frozen parts; ``share`` applies privacy to it once."""

from cjm_widgets.journeymap.arrange import Lane, arranged, sections
from cjm_widgets.journeymap.build import Wishes, build
from cjm_widgets.journeymap.facts import (
    BACKSTAGE,
    KINDS,
    LANES,
    Difference,
    Entry,
    JourneyMap,
    KpiPanel,
    Overlay,
    Persona,
    Point,
    Quote,
    StageColumn,
    Target,
    Totals,
    View,
)
from cjm_widgets.journeymap.kpis import panels
from cjm_widgets.journeymap.privacy import Privacy, share

__all__ = [
    "BACKSTAGE",
    "KINDS",
    "LANES",
    "Difference",
    "Entry",
    "JourneyMap",
    "KpiPanel",
    "Lane",
    "Overlay",
    "Persona",
    "Point",
    "Privacy",
    "Quote",
    "StageColumn",
    "Target",
    "Totals",
    "View",
    "Wishes",
    "arranged",
    "build",
    "panels",
    "sections",
    "share",
]
