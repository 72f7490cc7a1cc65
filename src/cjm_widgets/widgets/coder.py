"""The coding widget: a queue of texts, passages, stages, valence, codes and memos."""

from __future__ import annotations

import functools
import weakref
from importlib import resources
from typing import Any, Literal

import anywidget
import traitlets

from cjm_widgets.errors import ArgumentError, CjmError, MissingExtra
from cjm_widgets.model.desk import Desk, Opening
from cjm_widgets.widgets.conversation import Conversation
from cjm_widgets.widgets.messages import PROTOCOL
from cjm_widgets.widgets.summary import html_summary, plain_summary
from cjm_widgets.words import LANGUAGES

Theme = Literal["auto", "light", "dark"]

_alive: weakref.WeakSet[CoderWidget] = weakref.WeakSet()
"""Widgets of this kernel, so that those of one coder hear of each other's changes."""


@functools.cache
def built(name: str) -> str:
    """A file of the front end, as the build made it.

    Raises
    ------
    MissingExtra
        If the front end was not built.
    """
    file = resources.files("cjm_widgets.widgets").joinpath("static", name)
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise MissingExtra(
            f"the front end is not built ({name} is missing); run "
            f"'cd js && npm install && npm run build', or install the package with pip"
        ) from error


class CoderWidget(anywidget.AnyWidget):
    """The coding widget of one coder.

    Only what it is travels as traits; what is done travels as messages (docs/protocol.md).

    Parameters
    ----------
    desk
        The coder's desk: all the widget knows of the study.
    language
        Language of the interface, ``"en"`` or ``"fr"``. Texts may be in any language.
    theme
        ``"auto"`` follows the notebook, else the browser.
    study
        The study's public name, by which the browser keeps what is not saved yet; by default
        what the desk says.

    Raises
    ------
    ArgumentError
        If `language` or `theme` is none of the above.
    StoreError
        If the desk cannot open the study.
    MissingExtra
        If the front end was not built.
    """

    protocol = traitlets.Int(PROTOCOL, read_only=True).tag(sync=True)
    study = traitlets.Unicode().tag(sync=True)
    coder = traitlets.Unicode().tag(sync=True)
    language = traitlets.Enum(LANGUAGES, default_value="en").tag(sync=True)
    theme = traitlets.Enum(("auto", "light", "dark"), default_value="auto").tag(sync=True)
    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    _bundle = "coder"
    """Name of the front end's files."""

    def __init__(
        self,
        desk: Desk,
        *,
        language: str = "en",
        theme: Theme = "auto",
        study: str = "",
    ) -> None:
        if language not in LANGUAGES:
            raise ArgumentError(
                f"language is one of {', '.join(map(repr, LANGUAGES))}, not {language!r}"
            )
        if theme not in ("auto", "light", "dark"):
            raise ArgumentError(f"theme is 'auto', 'light' or 'dark', not {theme!r}")
        self._desk = desk
        self._opening = desk.open()
        self._conversation = self._talk(desk)
        super().__init__(
            study=study or self._opening.study,
            coder=self._opening.coder,
            language=language,
            theme=theme,
            _esm=built(f"{self._bundle}.js"),
            _css=built(f"{self._bundle}.css"),
        )
        self.on_msg(self._received)
        _alive.add(self)

    def _talk(self, desk: Desk) -> Conversation:
        """Who answers the browser."""
        return Conversation(desk, self._tell_others)

    def _summaries(self, opening: Opening) -> tuple[str, str]:
        """What a saved notebook shows: HTML, and a line of text."""
        return html_summary(opening, self.language), plain_summary(opening, self.language)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(study={self._opening.name!r}, coder={self.coder!r})"

    def summary(self) -> str:
        """What a saved notebook shows in the widget's place.

        Returns
        -------
        str
            HTML with the coder, the texts coded and each stage's passages; no customer's words.
        """
        return self._summaries(self._latest())[0]

    def changed(self) -> None:
        """Tell the browser that the study changed, so that it asks what."""
        self.send({"push": "changed", "seq": 0})

    def _latest(self) -> Opening:
        try:
            self._opening = self._desk.open()
        except CjmError:
            # The file may be gone just now; what was known stands.
            return self._opening
        return self._opening

    def _ipython_display_(self, **_: Any) -> None:
        # Two outputs: front ends show a saved widget as an error and ignore any other
        # representation in its bundle, but they keep the output before it. The widget's style
        # sheet hides the summary while the widget lives.
        from IPython.display import display

        show: Any = display  # IPython has no types
        html, plain = self._summaries(self._latest())
        show({"text/html": html, "text/plain": plain}, raw=True)
        # anywidget gives the data alone or with metadata, by version.
        bundle = self._repr_mimebundle_()
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        show(data, metadata=metadata, raw=True)

    def _received(self, _: object, content: object, buffers: object) -> None:
        self.send(self._conversation.answer(content))

    def _tell_others(self, seq: int) -> None:
        for other in list(_alive):
            if other is not self and (other.study, other.coder) == (self.study, self.coder):
                other.send({"push": "changed", "seq": seq})

    def close(self) -> None:
        """End the widget; what was coded stays in the study."""
        _alive.discard(self)
        super().close()
