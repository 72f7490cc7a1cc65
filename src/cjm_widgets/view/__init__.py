"""Facts and measures to Bokeh, SVG and the offline page: objects that show themselves."""

from cjm_widgets.view.curves.curve_view import CurveView
from cjm_widgets.view.kpis.kpi_view import KpiView
from cjm_widgets.view.maps.map_view import MapView

__all__ = ["CurveView", "KpiView", "MapView"]
