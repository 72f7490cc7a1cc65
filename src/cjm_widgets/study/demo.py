"""The demo: a study of the sample data, its map, and copies of the notebooks."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pandas as pd

from cjm_widgets.errors import ArgumentError, FileMissing, UnknownName
from cjm_widgets.study.study import Study
from cjm_widgets.words import say

PACKAGE = Path(__file__).resolve().parent.parent
TOURS = {"en": ("tour.ipynb", "shop.cjm"), "fr": ("visite.ipynb", "boutique.cjm")}
"""Language to its tour, and the name of the study that stands beside it."""
NOTES = ("goals.discovery", "goals.purchase", "opportunities.purchase", "backstage.purchase")


def sample_data() -> Path:
    """The folder of the sample data: an online shop before and after a change of its checkout.

    Returns
    -------
    Path
        Holds comments.csv, interviews.csv, diary.csv, codebook.csv, codings.csv, kpis.csv and
        a README.
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
    study = Study(path, language=language, name="Maison Alder")
    # What somebody has changed in a study that was there before stays as it is.
    if not len(study.journey):
        study.set_journey("six")
    study.add(data / "comments.csv", text="comment", id="id", respondent="respondent", at="date")
    study.add(data / "interviews.csv", text="answer", id="id", respondent="respondent", at="date")
    if not len(study.codebook):
        codes = pd.read_csv(data / "codebook.csv", dtype="str")
        study.set_codebook(_named(codes, "name", language))
    if not len(study.codings()):
        study.add_codings(data / "codings.csv", valence_scale=(-2, 2))
    if "kpi" not in set(study.history()["label"]):
        study.add_kpis(_named(pd.read_csv(data / "kpis.csv"), "kpi", language))
    study.score()
    if not len(study.notes()):
        for note in NOTES:
            lane, stage = note.split(".")
            study.note(lane, stage, say(f"demo.{lane}_{stage}", language))
    return study


def _named(table: pd.DataFrame, column: str, language: str) -> pd.DataFrame:
    """A sample table whose names are French where that is wanted."""
    if language != "fr":
        return table
    return table.drop(columns=column).rename(columns={"nom": column})


def make_demo(folder: Path, language: str = "en") -> Demo:
    """Make the sample study, its map and copies of the notebooks in a folder.

    A study that is there already is gone on with, so that what somebody tried in it stays.

    Parameters
    ----------
    folder
        Made where there is none.
    language
        ``en`` or ``fr``: of the study, the map and the tour.

    Raises
    ------
    UnknownName
        If there is no tour in that language.
    ArgumentError
        If the folder cannot be made.
    """
    if language not in TOURS:
        raise UnknownName("language of the demo", language, TOURS)
    tour, name = TOURS[language]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArgumentError(f"cannot make the folder {str(folder)!r}: {error.strerror}") from error
    place = folder.resolve()
    target = place / "map.html"
    with sample_study(place / name, language) as study:
        study.export(target, estimate="coded")
    for shipped in _shipped("notebooks").glob("*.ipynb"):
        if not (place / shipped.name).exists():
            shutil.copy(shipped, place)
    return Demo(place / name, target, place / tour)


def notebook_for(study: str, language: str = "en", coder: str | None = None) -> Path:
    """A notebook beside a study that opens it; made when there is none.

    Parameters
    ----------
    study
        Path of a study's file, or the URL of one on a server, whose notebook is made in the
        working folder.
    language
        ``en`` or ``fr``: of the interface in a notebook that is made.
    coder
        Whose coding widget a notebook that is made opens.

    Raises
    ------
    FileMissing
        If the study's file does not exist.
    NotAStudy, NewerStudy, DamagedStudy
        If what is there is no study that can be opened.
    ArgumentError
        If the URL holds a password.
    """
    if "://" in study:
        base, opened = Path.cwd() / _name_of(study), study
    else:
        path = Path(study).expanduser().resolve()
        if not path.is_file():
            raise FileMissing("there is no such study; cjm demo makes one", file=study)
        base, opened = path.with_suffix(""), path.name
    with Study(study, create=False):
        pass
    notebook = base.with_suffix(".ipynb") if "://" not in study else Path(f"{base}.ipynb")
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
    try:
        nbformat.write(book, notebook)
    except OSError as error:
        raise ArgumentError(f"cannot write {str(notebook)!r}: {error.strerror}") from error
    return notebook


def _name_of(url: str) -> str:
    """A file's name for a study on a server, one of its own for each database."""
    parts = urlsplit(url)
    if parts.password is not None or "password" in parse_qs(parts.query):
        raise ArgumentError(
            "the URL holds a password, which would stand in the notebook; leave it out and "
            "let PGPASSWORD or a .pgpass file tell it"
        )
    words = (parts.path.strip("/"), parts.hostname, parts.query)
    return re.sub(r"[^\w.-]+", "-", "-".join(word for word in words if word)).strip("-") or "study"
