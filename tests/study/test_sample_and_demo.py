"""The sample data, the demo made of it, and notebooks that open a study."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import cjm_widgets as cjm
from cjm_widgets.errors import ArgumentError, FileMissing, NotAStudy, UnknownName
from cjm_widgets.model.journey import Journey
from cjm_widgets.study import Study
from cjm_widgets.study.demo import Demo, make_demo, notebook_for


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / name, dtype="str", keep_default_na=False)


def test_the_sample_has_what_it_promises(sample_data: Path) -> None:
    files = {path.name for path in sample_data.iterdir()}
    assert {path.name for path in cjm.sample_data().iterdir()} == files
    comments = table(sample_data, "comments.csv")
    assert len(comments) == 240
    assert comments["id"].is_unique
    assert comments["language"].value_counts().to_dict() == {"en": 130, "fr": 110}
    assert comments["respondent"].nunique() == 174
    for name, least, most in (("nps", 0, 10), ("csat", 1, 5), ("ces", 1, 7)):
        given = pd.to_numeric(comments[name][comments[name] != ""])
        assert len(given) == 217
        assert given.between(least, most).all()
    assert comments["comment"].str.strip().ne("").all()
    assert comments["comment"].is_unique or comments["comment"].duplicated().sum() < 5
    quarters = pd.to_datetime(comments["date"]).dt.to_period("Q")
    assert quarters.value_counts().to_dict() == dict.fromkeys(quarters.unique(), 60)
    answers = table(sample_data, "interviews.csv")
    assert len(answers) == 54
    assert answers["interview"].nunique() == 6
    assert answers.groupby("interview")["language"].nunique().max() == 1
    assert not set(answers["respondent"]) & set(comments["respondent"])
    kpis = table(sample_data, "kpis.csv")
    assert len(kpis) == 48
    assert kpis["date"].nunique() == 4


def test_each_coding_of_the_sample_names_the_passage_it_holds(sample_data: Path) -> None:
    codings = table(sample_data, "codings.csv")
    words = table(sample_data, "comments.csv").set_index("id")["comment"]
    codes = set(table(sample_data, "codebook.csv")["code"])
    stages = {stage.key for stage in Journey.preset("six")}
    assert codings["coder"].value_counts().to_dict() == {"ben": 151, "ana": 98}
    for row in codings.itertuples():
        assert words[row.id][int(row.start) : int(row.stop)] == row.passage
        assert row.stage in stages
        assert int(row.valence) in (-2, -1, 0, 1, 2)
        assert set(filter(None, row.codes.split(";"))) <= codes


def test_the_two_coders_of_the_sample_read_the_same_texts_and_differ(sample_data: Path) -> None:
    codings = table(sample_data, "codings.csv")
    codings["length"] = codings["stop"].astype(int) - codings["start"].astype(int)
    main = codings.sort_values("length").groupby(["coder", "id"]).last()
    ana, ben = main.loc["ana"], main.loc["ben"]
    assert set(ana.index) == set(ben.index)
    assert len(ana) == 84
    same_stage = (ana["stage"] == ben["stage"]).mean()
    same_valence = (ana["valence"] == ben["valence"]).mean()
    assert 0.7 < same_stage < 0.95
    assert 0.5 < same_valence < 0.9


def test_the_change_of_the_checkout_shows_in_the_curve(sample: Study) -> None:
    sample_frame = sample.curve("coded").frame.set_index("stage")
    assert (sample_frame["n"] > 0).all()
    codings = sample.codings().merge(sample.feedback()[["feedback", "at"]], on="feedback",
                                     suffixes=("", "_said"))  # fmt: skip
    codings["period"] = (codings["at_said"] >= "2025-10-01").map({False: "old", True: "new"})
    curve = cjm.emotion_curve(codings, by="period").set_index(["period", "stage"])
    assert curve.loc[("old", "purchase"), "mean"] < -0.3
    assert curve.loc[("new", "purchase"), "mean"] > 0.1


def test_the_demo_makes_a_study_a_map_and_a_tour(demo: Demo) -> None:
    assert demo.map.read_text("utf-8").startswith("<!doctype html>")
    assert 500_000 < demo.map.stat().st_size < 2_500_000
    assert nbformat.read(demo.notebook, 4).cells
    with Study(demo.study, create=False) as study:
        assert study.name == "Maison Alder"
        assert len(study.feedback()) == 294
        assert set(study.coders()["coder"]) == {"ana", "ben"}
        assert len(study.codings()) == 249
        assert len(study.scores()) == 294
        assert len(study.notes()) == 4
        assert len(study.codebook) == 30
        assert study.score().texts == 0
        facts = study.map().facts
        assert facts.estimate == "coded"
        assert all(stage.quotes for stage in facts.stages)
        assert {"goals", "touchpoints", "pains", "opportunities", "backstage"} <= set(facts.lanes)
        assert {"NPS", "CSAT", "CES"} <= {panel.name for panel in facts.kpis}
        figures = study.kpis().frame
        assert figures["segment"].isna().sum() == 12
        assert figures["segment"].value_counts().to_dict() == {"from the comments": 3}


def test_the_demo_made_again_leaves_what_somebody_tried(demo: Demo, tmp_path: Path) -> None:
    shutil.copytree(demo.study.parent, tmp_path / "demo")
    with Study(tmp_path / "demo" / "shop.cjm") as study:
        study.note("goals", "discovery", "Mine")
        study.set_codebook([*study.codebook, cjm.Code("mine", "Mine", "theme")])
        study.set_journey(Journey("mine", (*study.journey.stages, cjm.Stage("return"))))
        assert study.undo("ben") == "import"
    (tmp_path / "demo" / "tour.ipynb").write_text("{}", encoding="utf-8")
    make_demo(tmp_path / "demo")
    with Study(tmp_path / "demo" / "shop.cjm") as study:
        assert len(study.feedback()) == 294
        assert len(study.notes()) == 5
        assert "mine" in [code.key for code in study.codebook]
        assert study.journey.stages[-1].key == "return"
        assert set(study.coders()["coder"]) == {"ana"}
    assert (tmp_path / "demo" / "tour.ipynb").read_text("utf-8") == "{}"


def test_the_demo_has_a_tour_in_each_language(demo: Demo) -> None:
    assert {"tour.ipynb", "visite.ipynb"} <= {path.name for path in demo.study.parent.iterdir()}


def test_the_demo_speaks_french(tmp_path: Path) -> None:
    made = make_demo(tmp_path / "démo", "fr")
    assert made.study.name == "boutique.cjm"
    assert made.notebook.name == "visite.ipynb"
    page = made.map.read_text("utf-8")
    assert "Découverte" in page
    assert 'lang="fr"' in page
    with Study(made.study) as study:
        assert study.language == "fr"
        assert "Points de contact" in [code.name for code in study.codebook]
        assert "valeur vie client" in [panel.name for panel in study.map().facts.kpis]
    with pytest.raises(UnknownName, match="'en'"):
        make_demo(tmp_path, "de")


def test_a_demo_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ArgumentError, match="cannot make the folder"):
        make_demo(tmp_path / "file" / "demo")


def test_a_notebook_for_a_study_is_made_once_and_opens_it(demo: Demo, tmp_path: Path) -> None:
    place = tmp_path / "it's a shop.cjm"
    shutil.copy(demo.study, place)
    path = notebook_for(str(place), "fr", "zoé")
    assert path == tmp_path / "it's a shop.ipynb"
    book = nbformat.read(path, 4)
    nbformat.validate(book)
    code = "\n".join(cell.source for cell in book.cells if cell.cell_type == "code")
    ast.parse(code)
    assert "cjm.Study(\"it's a shop.cjm\", language='fr')" in code
    assert "study.coder('zoé')" in code
    assert str(tmp_path) not in path.read_text("utf-8")
    path.write_text("kept", encoding="utf-8")
    assert notebook_for(str(place)) == path
    assert path.read_text("utf-8") == "kept"


def test_a_notebook_is_made_for_a_study_only(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="cjm demo"):
        notebook_for(str(tmp_path / "none.cjm"))
    other = tmp_path / "map.html"
    other.write_text("<!doctype html>" * 100, encoding="utf-8")
    with pytest.raises(NotAStudy):
        notebook_for(str(other))
    assert not (tmp_path / "map.ipynb").exists()


@pytest.mark.parametrize(
    "url", ["postgresql://ana:secret@host/db", "postgresql://host/db?password=secret"]
)
def test_no_password_comes_into_a_notebook(url: str) -> None:
    with pytest.raises(ArgumentError, match="PGPASSWORD") as caught:
        notebook_for(url)
    assert "secret" not in str(caught.value)


@pytest.mark.postgres
def test_studies_on_servers_have_a_notebook_each(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from urllib.parse import quote

    import psycopg

    server = request.getfixturevalue("pg_server")
    monkeypatch.chdir(tmp_path)
    paths = []
    for name in ("one", "two"):
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        url = f"{server}/postgres?options={quote(f'-csearch_path={name}')}"
        Study(url).close()
        paths.append(notebook_for(url))
        assert url in paths[-1].read_text("utf-8")
    assert len(set(paths)) == 2
    assert {path.parent for path in paths} == {tmp_path}
