"""The map's facts as JSON; `journeymap.plain` says how."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cjm_widgets.export.atomic import written
from cjm_widgets.export.options import Options, facts_of
from cjm_widgets.journeymap import plain


def write(what: Any, target: Path, options: Options) -> list[Path]:
    """One JSON object that `journeymap.plain.from_json` reads back without loss."""
    facts = facts_of(what)
    with written(target) as file:
        file.write(plain.to_json(facts))
    return [target]
