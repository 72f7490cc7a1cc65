"""SVG, PNG and PDF of the whole map."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

from cjm_widgets.errors import ArgumentError
from cjm_widgets.export import browsing
from cjm_widgets.export.atomic import written, written_bytes
from cjm_widgets.export.options import Options, facts_of
from cjm_widgets.view import drawing

LARGEST = 16_000
"""Pixels of a PNG's side; browsers give up above."""
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'unsafe-inline'; img-src data:\">"
)


def write_svg(what: Any, target: Path, options: Options) -> list[Path]:
    """One SVG document."""
    with written(target) as file:
        file.write(_svg(what, options) + "\n")
    return [target]


def write_png(what: Any, target: Path, options: Options) -> list[Path]:
    """The drawing in pixels, ``scale`` for one of the drawing's."""
    with written_bytes(target) as file:
        file.write(png(_svg(what, options), options.scale))
    return [target]


def write_pdf(what: Any, target: Path, options: Options) -> list[Path]:
    """One page, A3 landscape, lines and letters as such."""
    facts, brand = facts_of(what), getattr(what, "brand", None)
    with written_bytes(target) as file:
        file.write(pdf(drawing.paper(facts, options.language, brand)))
    return [target]


def _svg(what: Any, options: Options) -> str:
    brand = getattr(what, "brand", None)
    return drawing.svg(facts_of(what), options.language, options.theme, brand)


def png(svg: str, scale: float = 2.0) -> bytes:
    """A drawing as PNG.

    Parameters
    ----------
    svg
        A document with ``width`` and ``height`` in pixels.
    scale
        Pixels of the picture for one of the drawing, 0.25 to 8; less where a side would be
        longer than 16,000.

    Raises
    ------
    MissingExtra
        If no browser is found.
    """
    if not 0.25 <= scale <= 8:
        raise ArgumentError(f"scale is a number from 0.25 to 8, not {scale!r}")
    width, height = _size(svg)
    scale = min(scale, LARGEST / max(width, height))
    wide, tall = math.ceil(width), math.ceil(height)
    page = _page(svg, f"html,body{{margin:0;background:{_ground(svg)}}}svg{{display:block}}")
    wishes = (
        f"--window-size={wide},{tall}",
        f"--force-device-scale-factor={scale:g}",
        "--screenshot={out}",
    )
    return browsing.made(page, "map.png", wishes)


def pdf(svg: str) -> bytes:
    """A drawing without a size of its own as a PDF of one page, A3 landscape, as large as fits.

    Raises
    ------
    MissingExtra
        If no browser is found.
    """
    style = (
        "@page{size:420mm 297mm;margin:0}html,body{margin:0}"
        "svg{display:block;width:400mm;height:276mm;margin:10mm 10mm 0}"
    )
    wishes = ("--no-pdf-header-footer", "--print-to-pdf={out}")
    return browsing.made(_page(svg, style), "map.pdf", wishes)


def _page(svg: str, style: str) -> str:
    title = re.search(r"<title>(.*?)</title>", svg)
    return (
        f'<!doctype html><html><head><meta charset="utf-8">{_POLICY}'
        f"<title>{title[1] if title else ''}</title><style>{style}</style></head>"
        f"<body>{svg}</body></html>"
    )


def _size(svg: str) -> tuple[float, float]:
    found = re.search(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"', svg)
    if found is None:
        raise ArgumentError("this drawing tells no width and height in pixels")
    return float(found[1]), float(found[2])


def _ground(svg: str) -> str:
    found = re.search(r'<rect [^>]*?fill="(#[0-9a-fA-F]{6})"', svg)
    return found[1] if found else "#ffffff"
