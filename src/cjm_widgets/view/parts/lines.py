"""Names broken into lines that fit a width in pixels."""

from __future__ import annotations

from cjm_widgets.view.parts import shape


def broken(name: str, width: float, *, most: int = 3, size: float = 12.0) -> tuple[str, ...]:
    """A name in lines that fit; what `most` lines cannot hold is cut with ``…``.

    Examples
    --------
    >>> broken("Use and customer service", 80)
    ('Use and', 'customer', 'service')
    """
    lines: list[str] = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or shape.text_width(longer, size, bold=True) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    fitted = [_fitted(line, width, size) for line in lines[:most]]
    if len(lines) > most:
        fitted[-1] = _fitted(fitted[-1].rstrip("…") + "…", width, size)
    return tuple(fitted)


def _fitted(line: str, width: float, size: float) -> str:
    if shape.text_width(line, size, bold=True) <= width:
        return line
    while len(line) > 2 and shape.text_width(line + "…", size, bold=True) > width:
        line = line[:-1]
    return line.rstrip("…") + "…"
