"""JourneyMap: every fact a map shows, as frozen parts; ``share`` applies privacy to it once."""

from cjm_widgets.journeymap.build import build
from cjm_widgets.journeymap.facts import (
    BACKSTAGE,
    LANES,
    Entry,
    JourneyMap,
    KpiPanel,
    Quote,
    StageColumn,
    Totals,
)
from cjm_widgets.journeymap.kpis import panels
from cjm_widgets.journeymap.privacy import Privacy, share

__all__ = [
    "BACKSTAGE",
    "LANES",
    "Entry",
    "JourneyMap",
    "KpiPanel",
    "Privacy",
    "Quote",
    "StageColumn",
    "Totals",
    "build",
    "panels",
    "share",
]
