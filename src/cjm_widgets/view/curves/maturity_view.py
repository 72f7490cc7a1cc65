"""The maturity check: its statements, and the level that answers give, as a picture."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.curves.maturity import DIMENSIONS, LEVELS, QUESTIONS, Answers, Maturity
from cjm_widgets.measure.curves.maturity import maturity as measured
from cjm_widgets.view.parts import cards, figures
from cjm_widgets.view.parts.dots import Dot, dots
from cjm_widgets.view.parts.figures_page import Figures, Table, figures_html
from cjm_widgets.view.parts.theme import Theme, check_theme, notebook_variables
from cjm_widgets.words import LANGUAGES, say

_STEPS = ("level", "dimension", "question", "answer", "do")


def maturity(
    answers: Answers | None = None, *, language: str = "en", theme: Theme = "auto"
) -> MaturityView:
    """A check of how mature an organisation's work with journey maps is, on five levels.

    Parameters
    ----------
    answers
        Key of a statement to ``"no"``, ``"partly"`` or ``"yes"`` (French words, 0, 1, 2, or True
        and False do as well); or the answers in order; or a frame with columns `question`,
        `answer` and, of several people, `who`, whose mean counts. None shows the statements.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.

    Returns
    -------
    MaturityView
        Shows itself; `questions` are the statements; with answers `level` (1…5), `frame` (score
        of each dimension, 1…5) and `steps`: what stands between here and the next level.

    Raises
    ------
    UnknownName
        If a statement, an answer or the language is unknown.
    ArgumentError
        If a statement has no answer.

    Notes
    -----
    A level is reached where three quarters of its points, and of those of each level below, are.
    The statements are this package's own; nobody has validated them as a scale.

    Examples
    --------
    >>> maturity(["yes"] * 4 + ["partly"] * 4 + ["no"] * 8).level
    2
    """
    return MaturityView(
        None if answers is None else measured(answers), language=language, theme=theme
    )


class MaturityView:
    """Statements of the maturity check, or what answers to them say.

    Parameters
    ----------
    found
        As `measure.maturity.maturity` gives it; None for the statements alone.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.
    """

    def __init__(
        self, found: Maturity | None = None, *, language: str = "en", theme: Theme = "auto"
    ) -> None:
        check_theme(theme)
        if language not in LANGUAGES:
            raise UnknownName("language", language, LANGUAGES)
        self._given = found
        self.language, self.theme = language, theme

    @property
    def questions(self) -> pd.DataFrame:
        """The statements: `question` (key), `level`, `dimension`, `text`."""
        rows = [
            (f"{dimension}{level}", level, dimension, self._say(f"questions.{dimension}{level}"))
            for level in LEVELS
            for dimension in DIMENSIONS
        ]
        made = pd.DataFrame(rows, columns=["question", "level", "dimension", "text"])
        return made.astype({"question": "str", "dimension": "str", "text": "str"})

    @property
    def level(self) -> int:
        """The level reached, 1…5."""
        return self._found.level

    @property
    def frame(self) -> pd.DataFrame:
        """A dimension a row: `dimension`, `name`, `score` (1…5)."""
        made = self._found.dimensions.copy()
        names = [self._say(f"dimensions.{key}") for key in made["dimension"]]
        made.insert(1, "name", pd.Series(names, dtype="str"))
        return made

    @property
    def steps(self) -> pd.DataFrame:
        """What stands between here and the next level: `question`, `dimension`, `level`,
        `answer` (0…2), `text`, `do`."""
        made = self._found.steps.copy()
        for name, key in (("text", "questions"), ("do", "steps")):
            told = [self._say(f"{key}.{question}") for question in made["question"]]
            made[name] = pd.Series(told, index=made.index, dtype="str")
        return made

    @property
    def _found(self) -> Maturity:
        if self._given is None:
            raise ArgumentError(
                "the check has no answers yet: give them, as cjm.maturity({'maps2': 'yes', …}); "
                ".questions lists the statements"
            )
        return self._given

    def __repr__(self) -> str:
        if self._given is None:
            return self._say("plain_questions", n=len(QUESTIONS))
        return self._say("plain", level=self.level)

    def html(self) -> str:
        """The statements, or level, scores and next steps, without script."""
        if self._given is not None:
            return figures_html(self._figures(), self.language, self.theme)
        rows = [
            (
                row["question"],
                row["level"],
                self._say(f"dimensions.{row['dimension']}"),
                row["text"],
            )
            for row in self.questions.to_dict("records")
        ]
        style = notebook_variables(self.theme, ".cjm-figures") + cards.static("figures.css")
        example = f"{{'maps2': '{self._say('answers.2')}', …}}"
        return (
            cards.environment()
            .get_template("maturity.html")
            .render(
                language=self.language,
                styles=cards.own(style),
                title=self._say("title"),
                ask=self._say("ask", example=example),
                heads=["", self._say("columns.dimension"), self._say("columns.question")],
                rows=rows,
            )
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}

    def _say(self, key: str, **values: object) -> str:
        return say(f"maturity.{key}", self.language, **values)

    def _figures(self) -> Figures:
        level, steps = self.level, self.steps
        lead = [self._say("lead", level=level, name=self._say(f"levels.{level}"))]
        if level < LEVELS[-1]:
            lead.append(self._say("next", level=level + 1, name=self._say(f"levels.{level + 1}")))
        elif not len(steps):
            lead.append(self._say("top"))
        for row in steps.to_dict("records"):
            dimension = self._say(f"dimensions.{row['dimension']}")
            lead.append(f"{dimension} – {row['do']}")
        ticks = [(float(k), str(k)) for k in range(1, 6)]
        rows = [
            Dot(
                label=row["name"],
                value=row["score"],
                low=math.nan,
                high=math.nan,
                text=self._say("score", score=figures.plain(row["score"], self.language)),
            )
            for row in self.frame.to_dict("records")
        ]
        return Figures(
            title=self._say("title"),
            subtitle=self._say("subtitle", n=self._found.people),
            lead=lead,
            picture=dots(
                rows, axis=(1.0, 5.0), ticks=ticks, title=self._say("alt"), zero=float(level)
            ),
            table=Table(
                [self._say(f"columns.{name}") for name in _STEPS],
                [self._cells(row) for row in steps.to_dict("records")],
                numeric=(False,) * len(_STEPS),
            ),
            notes=[self._say("note")],
        )

    def _cells(self, row: dict[Any, Any]) -> list[str]:
        answer = row["answer"]
        told = (
            self._say(f"answers.{round(answer)}")
            if answer == round(answer)
            else figures.plain(answer, self.language)
        )
        dimension = self._say(f"dimensions.{row['dimension']}")
        return [str(row["level"]), dimension, row["text"], told, row["do"]]
