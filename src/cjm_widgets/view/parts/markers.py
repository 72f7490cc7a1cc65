"""Markers that tell groups apart without colour, for SVG and for Bokeh alike."""

from __future__ import annotations

import math

MARKERS = ("circle", "square", "triangle", "diamond", "inverted_triangle", "hex")
"""As Bokeh calls them; as many groups fit into one drawing."""

_CORNERS = {
    "square": (4, 45.0, 1.25),
    "triangle": (3, -90.0, 1.32),
    "diamond": (4, 0.0, 1.3),
    "inverted_triangle": (3, 90.0, 1.32),
    "hex": (6, 0.0, 1.12),
}
"""Corners, the angle of the first in degrees, and the radius that looks as large as a circle's."""


def path(marker: str, x: float, y: float, r: float) -> str:
    """A marker's outline as an SVG path around (x, y).

    Examples
    --------
    >>> path("diamond", 10, 10, 5)
    'M16.5 10.0L10.0 16.5L3.5 10.0L10.0 3.5Z'
    """
    if marker == "circle":
        return f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0Z"
    corners, first, size = _CORNERS[marker]
    points = []
    for k in range(corners):
        angle = math.radians(first + 360 * k / corners)
        px, py = x + r * size * math.cos(angle), y + r * size * math.sin(angle)
        points.append(f"{px:.1f} {py:.1f}")
    return "M" + "L".join(points) + "Z"
