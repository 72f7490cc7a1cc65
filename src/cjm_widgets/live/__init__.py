"""The dashboard: coding widget, curve, map and panels in one, kept up to date while coding."""

from __future__ import annotations

from cjm_widgets.live.source import LaneItem, Source, Wanted
from cjm_widgets.live.widget import DashboardWidget

__all__ = ["DashboardWidget", "LaneItem", "Source", "Wanted"]
