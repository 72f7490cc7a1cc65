"""The emotion curve as a native chart: points, values, intervals, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cjm_widgets.export.slides.deck import FONT, Page, paint
from cjm_widgets.journeymap.facts import StageColumn
from cjm_widgets.view.drawing import metrics
from cjm_widgets.view.drawing.curve import tone
from cjm_widgets.view.parts import marks, shape
from cjm_widgets.words import say

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def add(
    page: Page,
    columns: Sequence[StageColumn],
    box: tuple[float, float, float, float],
    language: str,
) -> None:
    """A chart in a box ``(left, top, width, height)``, its points in the middle of columns."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Pt

    chart_data: Any = CategoryChartData
    data = chart_data(number_format="0.00")
    data.categories = [metrics.plain(f"{column.number} {column.name}") for column in columns]
    # As everywhere else: programs round halves their own way.
    means = [None if column.mean is None else round(column.mean, 2) for column in columns]
    data.add_series(say("map.mean", language), means)
    frame = page.slide.shapes.add_chart(
        XL_CHART_TYPE.LINE_MARKERS, *(Pt(value) for value in box), data
    )
    frame._element.nvGraphicFramePr.cNvPr.set("descr", marks.spoken(tuple(columns), language))
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.name = Pt(9), FONT
    _axes(chart)
    _series(chart.plots[0].series[0], columns, box[3])
    _fill_its_box(chart)


def _axes(chart: Any) -> None:
    from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    values, names = chart.value_axis, chart.category_axis
    values.minimum_scale, values.maximum_scale = -shape.REACH, shape.REACH
    values.has_major_gridlines = False
    values.visible = False
    names.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.dash_style = MSO_LINE.ROUND_DOT
    names.format.line.width = Pt(0.75)
    paint(names.format.line.color, "field")


def _side(columns: Sequence[StageColumn], place: int, height: float) -> str:
    """Where a value stands clear of its whisker and of the line."""
    column = columns[place]
    mean = column.mean or 0.0
    ends = [abs(end - mean) for end in (column.low, column.high) if end is not None]
    if max(ends, default=0.0) * shape.pixels_per_unit(height) > 9:
        return "RIGHT"
    beside = [c.mean for c in columns[max(0, place - 1) : place + 2] if c.mean is not None]
    low = mean < sum(beside) / len(beside)
    # Nothing fits above +1 or below −1.
    if abs(mean) > 0.9:
        low = mean > 0
    return "BELOW" if low else "ABOVE"


def _series(series: Any, columns: Sequence[StageColumn], height: float) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION, XL_MARKER_STYLE
    from pptx.util import Pt

    series.smooth = False
    series.format.line.width = Pt(1.5)
    paint(series.format.line.color, "field")
    labels = series.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = "+0.00;−0.00;0.00", False
    labels.position = XL_LABEL_POSITION.RIGHT
    labels.font.size, labels.font.bold = Pt(9), True
    for place, column in enumerate(columns):
        if column.mean is None:
            continue
        point = series.points[place]
        point.marker.style = XL_MARKER_STYLE.CIRCLE
        point.marker.size = 9 if column.stands_apart else 8
        inside = "background" if column.grade == "thin" else f"s{column.number}"
        line = point.marker.format.line
        paint(line.color, f"s{column.number}")
        line.width = Pt(1.5)
        point.marker.format.fill.solid()
        paint(point.marker.format.fill.fore_color, inside)
        label = point.data_label
        label.position = getattr(XL_LABEL_POSITION, _side(columns, place, height))
        label.font.size, label.font.bold = Pt(9), True
        paint(label.font.color, tone(column))
        _show_value(label)
    _intervals(series, columns)


def _show_value(label: Any) -> None:
    """A point's own label shows nothing unless told; its ground hides the line behind it."""
    from pptx.oxml import parse_xml

    made = label._dLbl
    ground = parse_xml(
        f'<c:spPr xmlns:c="{_C}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:solidFill><a:schemeClr val="bg1"/></a:solidFill></c:spPr>'
    )
    made.find(f"{{{_C}}}txPr").addprevious(ground)
    for name in ("showVal", "showLegendKey", "showCatName", "showSerName", "showPercent"):
        found = made.find(f"{{{_C}}}{name}")
        if found is not None:
            found.set("val", "1" if name == "showVal" else "0")


def _intervals(series: Any, columns: Sequence[StageColumn]) -> None:
    """Error bars, which python-pptx has no words for."""
    from pptx.oxml import parse_xml

    def sizes(name: str) -> str:
        points = []
        for place, c in enumerate(columns):
            end = c.high if name == "plus" else c.low
            if c.mean is not None and end is not None:
                size = f"{abs(end - c.mean):.6f}"
                points.append(f'<c:pt idx="{place}"><c:v>{size}</c:v></c:pt>')
        return (
            f"<c:{name}><c:numLit><c:formatCode>General</c:formatCode>"
            f'<c:ptCount val="{len(columns)}"/>{"".join(points)}</c:numLit></c:{name}>'
        )

    bars = parse_xml(
        f'<c:errBars xmlns:c="{_C}"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<c:errDir val="y"/><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/>{sizes("plus")}{sizes("minus")}'
        '<c:spPr><a:ln w="15875"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill></a:ln>'
        "</c:spPr>"
        "</c:errBars>"
    )
    series._element.find(f"{{{_C}}}cat").addprevious(bars)


def _fill_its_box(chart: Any) -> None:
    """The plot takes the whole frame, so that points stand in the middle of their columns."""
    from pptx.oxml import parse_xml

    layout = parse_xml(
        f'<c:layout xmlns:c="{_C}"><c:manualLayout><c:layoutTarget val="inner"/>'
        '<c:xMode val="edge"/><c:yMode val="edge"/><c:x val="0"/><c:y val="0"/>'
        '<c:w val="1"/><c:h val="1"/></c:manualLayout></c:layout>'
    )
    area = chart._chartSpace.find(f".//{{{_C}}}plotArea")
    old = area.find(f"{{{_C}}}layout")
    if old is not None:
        area.remove(old)
    area.insert(0, layout)
