"""The ``cjm`` command; every subcommand is a few lines that call `Study`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cjm_widgets import __version__
from cjm_widgets.errors import ArgumentError, CjmError
from cjm_widgets.model.journey import PRESETS
from cjm_widgets.words import say

if TYPE_CHECKING:
    from cjm_widgets.study import Study


class _Scale(click.ParamType[tuple[float, float]]):
    """Two numbers joined by a comma, such as ``-5,5``."""

    name = "LOW,HIGH"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float]:
        if isinstance(value, tuple):
            return value
        try:
            low, high = (float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is not two numbers joined by a comma, such as -5,5", param, ctx)
        return low, high


class _Commands(click.Group):
    """Commands whose known errors are said in one line, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (CjmError, OSError) as error:
            raise click.ClickException(" ".join(str(error).split())) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cjm")
def main() -> None:
    """From customer feedback to a journey map.

    \b
    Examples:
      cjm demo                                  a sample study, its map, and JupyterLab
      cjm report comments.csv --text comment --out map.html
      cjm lab shop.cjm                          JupyterLab on a study
    """


@main.command()
@click.option("--folder", default="demo", show_default=True, type=click.Path(path_type=Path))
@click.option("--language", default="en", show_default=True, type=click.Choice(["en", "fr"]))
@click.option("--open/--no-open", "open_lab", default=True, help="Open JupyterLab at the end.")
def demo(folder: Path, language: str, open_lab: bool) -> None:
    """Make a study from the sample data, write its map, open JupyterLab on the tour.

    \b
    Examples:
      cjm demo
      cjm demo --language fr --folder visite
      cjm demo --no-open
    """
    from cjm_widgets.study.demo import make_demo

    made = make_demo(folder, language)
    for what, path in (("study", made.study), ("map", made.map), ("notebook", made.notebook)):
        click.echo(say(f"cli.{what}", language, path=path))
    if open_lab:
        _lab(made.notebook)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--text",
    multiple=True,
    help="Column of the feedback's words; guessed when not given. Several times for several "
    "questions: each answer is then a text of its own.",
)
@click.option("--id", "id_", help="Column of the texts' ids.")
@click.option("--stage", help="Column that names each text's stage.")
@click.option("--valence", help="Column of human ratings.")
@click.option(
    "--valence-scale", type=_Scale(), help="Worst and best rating of that column, such as -5,5."
)
@click.option("--respondent", help="Column that tells who said it.")
@click.option("--date", "at", help="Column of dates.")
@click.option("--channel", help="Column of channels.")
@click.option("--touchpoint", help="Column of touchpoints.")
@click.option("--sheet", help="Sheet of a workbook; else the first visible one with a table.")
@click.option("--encoding", help="Encoding of a text file, such as cp1252; else it is found.")
@click.option("--delimiter", help="What parts the cells of a CSV file; else it is found.")
@click.option("--journey", help=f"{', '.join(PRESETS)}, or a .toml file.")
@click.option("--kpis", type=click.Path(path_type=Path), help="A table of KPIs.")
@click.option("--estimate", type=click.Choice(["coded", "automatic"]))
@click.option("--title", help="The map's title; the file's name by default.")
@click.option("--language", default="en", show_default=True, type=click.Choice(["en", "fr"]))
@click.option(
    "--quotes",
    type=click.Choice(["show", "hide"]),
    help="Whether the map holds customers' words; show, unless the study says otherwise.",
)
@click.option(
    "--respondents",
    type=click.Choice(["show", "pseudonym", "hide"]),
    help="How respondents are named beside their words; show, unless the study says otherwise.",
)
@click.option(
    "--study", "keep", help="Keep the study here (a file or a PostgreSQL URL) to go on with it."
)
@click.option(
    "--out", default="map.html", show_default=True, type=click.Path(path_type=Path, dir_okay=False)
)
def report(
    file: Path,
    text: tuple[str, ...],
    id_: str | None,
    stage: str | None,
    valence: str | None,
    valence_scale: tuple[float, float] | None,
    respondent: str | None,
    at: str | None,
    channel: str | None,
    touchpoint: str | None,
    sheet: str | None,
    encoding: str | None,
    delimiter: str | None,
    journey: str | None,
    kpis: Path | None,
    estimate: str | None,
    title: str | None,
    language: str,
    quotes: str | None,
    respondents: str | None,
    keep: str | None,
    out: Path,
) -> None:
    """Read a file of feedback and write its journey map as one offline HTML file.

    Stages come from a column, else from touchpoints and the journey's vocabulary (and are
    then marked as predicted); valence from human ratings, else from scores.

    \b
    Examples:
      cjm report comments.csv --text comment --out map.html
      cjm report enquete.xlsx --text verbatim --date date --language fr
      cjm report form.csv --text "What went well?" --text "What could be better?"
      cjm report coded.csv --text feedback --stage label \\
          --valence criticality --valence-scale=-5,5 --out coded.html
    """
    from cjm_widgets.study import Study

    if valence_scale is not None and valence is None:
        raise ArgumentError("--valence-scale needs --valence, the column it is the scale of")
    if out.suffix.lower() != ".html" or not out.parent.is_dir():
        # Said at once: reading a large file first would be a long wait for nothing.
        raise ArgumentError(f"--out {str(out)!r} must be an .html file in a folder that exists")
    with tempfile.TemporaryDirectory(prefix="cjm-") as folder:
        place = keep or str(Path(folder) / "report.cjm")
        with Study(place, journey=journey, language=language, name=title or file.stem) as study:
            added = study.add(
                file,
                text=text if len(text) > 1 else next(iter(text), None),
                id=id_,
                stage=stage,
                valence=valence,
                valence_scale=valence_scale,
                respondent=respondent,
                at=at,
                channel=channel,
                touchpoint=touchpoint,
                sheet=sheet,
                encoding=encoding,
                delimiter=delimiter,
            )
            click.echo(str(added))
            if kpis is not None:
                study.add_kpis(kpis)
            # None leaves what a study that was there before has chosen.
            study.privacy(quotes=quotes, respondents=respondents)
            _score_where_needed(study, estimate)
            written = study.export(out, estimate=estimate)
    click.echo(say("cli.map", language, path=written[0].resolve()))


def _score_where_needed(study: Study, estimate: str | None) -> None:
    """Ratings given by people make scores superfluous, unless they are asked for."""
    if estimate == "automatic" or study.default_estimate() == "automatic":
        scored = study.score()
        click.echo(str(scored))


@main.command()
@click.argument("study")
@click.option("--language", default="en", show_default=True, type=click.Choice(["en", "fr"]))
@click.option("--coder", default=None, help="Whose coding widget the new notebook opens.")
@click.option("--open/--no-open", "open_lab", default=True, help="Open JupyterLab at the end.")
def lab(study: str, language: str, coder: str | None, open_lab: bool) -> None:
    """Open JupyterLab on a study, with a notebook beside it (made when there is none).

    \b
    Examples:
      cjm lab shop.cjm
      cjm lab shop.cjm --coder ana
      cjm lab postgresql://user@server/studies
    """
    from cjm_widgets.study.demo import notebook_for

    notebook = notebook_for(study, language, coder)
    click.echo(say("cli.notebook", language, path=notebook))
    if open_lab:
        _lab(notebook)


def _lab(notebook: Path) -> None:
    """JupyterLab on a notebook, until the user ends it."""
    command = [sys.executable, "-m", "jupyter", "lab", str(notebook.absolute())]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container everybody is root, and Jupyter would stop with a complaint.
        command.append("--allow-root")
    raise SystemExit(subprocess.call(command, cwd=notebook.parent))  # noqa: S603  # no shell, no user text


if __name__ == "__main__":
    main()
