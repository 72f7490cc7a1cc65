"""The demo: a study of the sample data, its map, and a copy of the tour."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pandas as pd

from cjm_widgets.errors import ArgumentError, FileMissing
from cjm_widgets.study.study import Study
from cjm_widgets.words import say

PACKAGE = Path(__file__).resolve().parent.parent
TOURS = {"en": ("tour.ipynb", "shop.cjm"), "fr": ("visite.ipynb", "boutique.cjm")}
"""Language to the tour and the study it opens."""
NOTES = ("goals.discovery", "goals.purchase", "opportunities.purchase", "backstage.purchase")


def sample_data() -> Path:
    """The folder of the sample data: an online shop before and after a change of its checkout.

    Returns
    -------
    Path
        Holds comments.csv, interviews.csv, codebook.csv, codings.csv, kpis.csv and a README.
    """
    return _shipped("sample_data")


def _shipped(name: str) -> Path:
    """A folder that comes with the package: inside it, or beside it in a checkout."""
    for folder in (PACKAGE / "demo" / name, PACKAGE.parent.parent / name):
        if folder.is_dir():
            return folder
    raise FileMissing(f"the package came without its folder {name!r}; install it again", file=name)


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the demo's files are."""

    study: Path
    map: Path
    notebook: Path


def sample_study(path: Path, language: str = "en") -> Study:
    """A study of the sample data with codings, scores, KPIs and notes."""
    data = sample_data()
    study = Study(path, journey="six", language=language, name="Maison Alder")
    study.add(data / "comments.csv", text="comment", id="id", respondent="respondent", at="date")
    study.add(data / "interviews.csv", text="answer", id="id", respondent="respondent", at="date")
    codes = pd.read_csv(data / "codebook.csv", dtype="str")
    if language == "fr":
        codes = codes.drop(columns="name").rename(columns={"nom": "name"})
    study.set_codebook(codes)
    study.add_codings(data / "codings.csv", valence_scale=(-2, 2))
    study.add_kpis(data / "kpis.csv")
    study.score()
    if not len(study.notes()):
        for note in NOTES:
            lane, stage = note.split(".")
            study.note(lane, stage, say(f"demo.{lane}_{stage}", language))
    return study


def make_demo(folder: Path, language: str = "en") -> Demo:
    """Make the sample study, its map and a copy of the tour in a folder.

    A study that is there already is gone on with, so that what somebody tried in it stays.
    """
    tour, name = TOURS[language]
    folder.mkdir(parents=True, exist_ok=True)
    place = folder.resolve()
    target = place / "map.html"
    with sample_study(place / name, language) as study:
        study.export(target, estimate="coded")
    notebook = place / tour
    if not notebook.exists():
        shutil.copy(_shipped("notebooks") / tour, notebook)
    return Demo(place / name, target, notebook)


def notebook_for(study: str, language: str = "en", coder: str | None = None) -> Path:
    """A notebook beside a study that opens it; made when there is none.

    Raises
    ------
    FileMissing
        If the study's file does not exist.
    """
    on_server = "://" in study
    if on_server:
        base, opened = Path.cwd() / "study", study
        if re.search(r"//[^/@]*:[^/@]*@", study):
            raise ArgumentError(
                "the URL holds a password, which would stand in the notebook; leave it out and "
                "let PGPASSWORD or a .pgpass file tell it"
            )
    else:
        path = Path(study).expanduser().resolve()
        if not path.is_file():
            raise FileMissing("there is no such study; cjm demo makes one", file=study)
        base, opened = path.with_suffix(""), path.name
    notebook = base.with_suffix(".ipynb")
    if notebook.exists():
        return notebook
    who = coder or say("demo.you", language)
    cells = [
        nbformat.v4.new_markdown_cell(f"# {base.name}", id="title"),
        nbformat.v4.new_code_cell(
            f"import cjm_widgets as cjm\n\nstudy = cjm.Study({opened!r}, language={language!r})\n"
            "study",
            id="open",
        ),
        nbformat.v4.new_code_cell(f"study.coder({who!r})", id="code"),
        nbformat.v4.new_code_cell("study.score()\nstudy.curve()", id="curve"),
        nbformat.v4.new_code_cell("study.map()", id="map"),
    ]
    book = nbformat.v4.new_notebook(cells=cells)
    book.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(book, notebook)
    return notebook
