"""A house's own colours, font and logo, checked so that everything stays readable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cjm_widgets.errors import ArgumentError
from cjm_widgets.view.parts import theme

TEXT, SHAPE = 4.5, 3.0
"""Least contrast of text and of shapes (WCAG 2.2, AA)."""
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_FONT = re.compile(r"[\w\s,'\"-]{1,200}")


@dataclass(frozen=True, slots=True)
class Brand:
    """What a house's maps look like; empty fields are the usual."""

    accent: str = ""
    """``#rrggbb`` on white."""
    font: str = ""
    stages: tuple[str, ...] = ()
    logo: str = ""
    """A ``data:image/…`` address."""

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Brand:
        """From a study's document.

        Raises
        ------
        ArgumentError
            If a colour is none or too faint, or the font or the logo is not allowed.
        """
        accent, font = str(body.get("accent", "")).strip(), str(body.get("font", "")).strip()
        if accent:
            _readable("accent", accent, TEXT)
        for colour in body.get("stages", ()):
            _readable("stages", str(colour), SHAPE)
        if font and not _FONT.fullmatch(font):
            raise ArgumentError(
                f"font={font!r}: family names hold letters, digits, spaces, commas, hyphens and "
                f"quotes only"
            )
        logo = str(body.get("logo", ""))
        if logo and not re.fullmatch(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=]+", logo):
            raise ArgumentError("the logo is no PNG or JPEG picture")
        return cls(accent, font, tuple(str(c) for c in body.get("stages", ())), logo)

    def colours(self, mode: str) -> dict[str, str]:
        """Colour of the palette to the one that takes its place, in one mode."""
        made = {}
        for number in range(theme.STAGES if self.stages else 0):
            own = self.stages[number % len(self.stages)]
            made[theme.stage_colour(number + 1, mode)] = fitted(own, mode, SHAPE)
        return made

    def rules(self, scope: str = ":root") -> str:
        """Style rules that lay the house's looks over the usual ones, in both modes."""
        both = {mode: self._declared(mode) for mode in ("light", "dark")}
        if not any(both.values()):
            return ""
        return "".join(f"{scope}{{{both['light']}}}") + (
            f"@media (prefers-color-scheme:dark){{{scope}{{{both['dark']}}}}}"
        )

    def fixed(self, mode: str, scope: str = ":root") -> str:
        """As `rules`, for a page that stays light or dark."""
        declared = self._declared(mode)
        return f"{scope}{{{declared}}}" if declared else ""

    def _declared(self, mode: str) -> str:
        made = ""
        if self.accent:
            made += f"--accent:{fitted(self.accent, mode, TEXT)};"
        for number in range(theme.STAGES if self.stages else 0):
            own = self.stages[number % len(self.stages)]
            made += f"--s{number + 1}:{fitted(own, mode, SHAPE)};"
        if self.font:
            made += f"--bokeh-base-font:{self.fonts()};"
        return made

    def fonts(self) -> str:
        """The house's font before the usual ones."""
        return f"{self.font}, {theme.FONTS}" if self.font else theme.FONTS


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0…1 (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1…21 (WCAG 2.2).

    >>> round(contrast("#ffffff", "#000000"), 1)
    21.0
    """
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def fitted(colour: str, mode: str, least: float) -> str:
    """A colour, lightened or darkened until it stands out from the ground of a mode."""
    ground = theme.colour("background", mode)
    towards = 0 if mode == "light" else 255
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    made = colour.lower()
    for step in range(1, 21):
        if contrast(made, ground) >= least:
            break
        mixed = [round(part + (towards - part) * step / 20) for part in parts]
        made = "#" + "".join(f"{part:02x}" for part in mixed)
    return made


def _readable(what: str, colour: str, least: float) -> None:
    if not _HEX.fullmatch(colour):
        raise ArgumentError(f"{what}: a colour is written #rrggbb, not {colour!r}")
    white = theme.colour("background", "light")
    if (found := contrast(colour, white)) < least:
        raise ArgumentError(
            f"{what}: {colour} has a contrast of {found:.1f} on white, and {least:g} is needed to "
            f"be seen well; {fitted(colour, 'light', least)} would do"
        )
