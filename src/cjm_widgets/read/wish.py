"""What the caller asked of a format's reader."""

from __future__ import annotations

from dataclasses import dataclass, field

from cjm_widgets.read.limits import Limits
from cjm_widgets.text.turns import Speech


@dataclass(frozen=True, slots=True)
class Wish:
    """The arguments of `read` that concern the file, not its columns."""

    file: str
    """The file's name as the user gave it, for messages."""
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | int | None = None
    limits: Limits = field(default_factory=Limits)
    speech: Speech | None = None
    """Who is known to speak in transcripts."""
