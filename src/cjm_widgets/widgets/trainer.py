"""The coding widget of somebody who learns on a gold sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import traitlets

from cjm_widgets.model.desk import Desk
from cjm_widgets.widgets.coder import CoderWidget, Theme
from cjm_widgets.widgets.conversation import Conversation

Handed = Callable[[int | None], str]
"""Given the text now on the desk, hands in what was coded before it; HTML of how it went."""


class _Talk(Conversation):
    """Hands a coded text in when the coder goes to another one."""

    def __init__(self, desk: Desk, written: Callable[[int], None], left: Handed) -> None:
        super().__init__(desk, written)
        self._left = left

    def _mark(self, message: Mapping[str, Any]) -> dict[str, Any]:
        answer = super()._mark(message)
        values = message.get("values")
        here = values.get("text") if isinstance(values, Mapping) else None
        if isinstance(here, int):
            self._left(here)
        return answer


class TrainerWidget(CoderWidget):
    """The coding widget on a gold sample, with feedback below on each text that was left.

    Parameters
    ----------
    desk
        The trainee's desk, on the sample.
    handed
        Hands in what was coded.
    language, theme
        As for `CoderWidget`.
    """

    training = traitlets.Bool(True, read_only=True).tag(sync=True)

    def __init__(
        self, desk: Desk, handed: Handed, *, language: str = "en", theme: Theme = "auto"
    ) -> None:
        import ipywidgets

        self._handed = handed
        self.panel = ipywidgets.HTML(handed(None))
        """How it went so far; shown below the widget."""
        super().__init__(desk, language=language, theme=theme)

    def hand_in(self) -> None:
        """Hand in every text that was coded, the one on the desk too."""
        self._tell(-1)

    def _talk(self, desk: Desk) -> Conversation:
        return _Talk(desk, self._tell_others, self._tell)

    def _tell(self, here: int | None) -> str:
        self.panel.value = self._handed(here)
        return str(self.panel.value)

    def _ipython_display_(self, **more: Any) -> None:
        from IPython.display import display

        super()._ipython_display_(**more)
        show: Any = display  # IPython has no types
        show(self.panel)
