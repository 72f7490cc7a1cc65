"""Colours as CSS variables, light and dark, from the one palette."""

from __future__ import annotations

from typing import Literal, get_args

from cjm_widgets.errors import UnknownName
from cjm_widgets.words import palette

Theme = Literal["auto", "light", "dark"]

FONTS = 'Inter, "Noto Sans", "Segoe UI", system-ui, "Helvetica Neue", Arial, sans-serif'
STAGES = 6
"""Stage colours before they repeat; the number tells then."""


def check_theme(theme: str) -> None:
    """Refuse a theme that nobody knows."""
    if theme not in get_args(Theme):
        raise UnknownName("theme", theme, get_args(Theme))


def colour(name: str, mode: str) -> str:
    """One colour of the palette, ``light`` or ``dark``."""
    return str(palette()[mode][name])


def stage_colour(number: int, mode: str) -> str:
    """The colour of the stage with this number, from 1."""
    stages = palette()[mode]["stages"]
    return str(stages[(number - 1) % len(stages)])


def declarations(mode: str) -> str:
    """The palette of one mode as CSS declarations."""
    colours = {k.replace("_", "-"): v for k, v in palette()[mode].items() if isinstance(v, str)}
    colours |= {f"s{i}": stage_colour(i, mode) for i in range(1, STAGES + 1)}
    return "".join(f"--{name}:{value};" for name, value in colours.items()) + (
        f"color-scheme:{mode};--bokeh-base-font:{FONTS};--bokeh-font-size:13px;"
    )


def variables(theme: Theme, scope: str = ":root") -> str:
    """Style rules that define the colours, for a page or for a part of one.

    Parameters
    ----------
    theme
        ``auto`` follows the reader's system.
    scope
        Selector the variables belong to.
    """
    if theme != "auto":
        return f"{scope}{{{declarations(theme)}}}"
    return (
        f"{scope}{{{declarations('light')}}}"
        f"@media (prefers-color-scheme:dark){{{scope}{{{declarations('dark')}}}}}"
    )


def notebook_variables(theme: Theme, scope: str) -> str:
    """As `variables`, but in a notebook its own theme decides.

    JupyterLab, Notebook 7 and nbconvert set ``data-jp-theme-light``, VS Code
    ``data-vscode-theme-kind``.
    """
    rules = variables(theme, scope)
    if theme != "auto":
        return rules
    light = '[data-jp-theme-light="true"]', '[data-vscode-theme-kind="vscode-light"]'
    dark = '[data-jp-theme-light="false"]', '[data-vscode-theme-kind="vscode-dark"]'
    for selectors, mode in ((light, "light"), (dark, "dark")):
        where = ",".join(f"{selector} {scope}" for selector in selectors)
        rules += f"{where}{{{declarations(mode)}}}"
    return rules


def declared_on_host(mode: str) -> str:
    """The palette as CSS for a shadow root's own element, from which its children inherit."""
    return f":host{{{declarations(mode)}}}"
