"""Facts and measures to Bokeh, SVG and the offline page: objects that show themselves."""

from cjm_widgets.view.curve_view import CurveView
from cjm_widgets.view.kpi_view import KpiView
from cjm_widgets.view.map_view import MapView

__all__ = ["CurveView", "KpiView", "MapView"]
