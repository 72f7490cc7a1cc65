"""The cjm command, as it is called."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from cjm_widgets import __version__, cli
from cjm_widgets.study import Study

NHS = {
    "Access": -0.24,
    "Couldn't be improved": 0.60,
}


def run(*arguments: object) -> Result:
    """Call the command; what it does not handle itself is an error of the test."""
    return CliRunner().invoke(cli.main, [str(a) for a in arguments], catch_exceptions=False)


def refused(*arguments: object) -> str:
    """The one line of a call that must fail with exit code 1."""
    done = run(*arguments)
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1
    assert lines[0].startswith("Error: ")
    return lines[0]


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "survey.csv"
    path.write_text(
        "id,words,step,mark,who\n"
        "1,The search was great and quick.,Search,5,ann@example.org\n"
        "2,The checkout was awful.,Pay,1,bo\n"
        "3,Payment refused twice,Pay,eleven,bo\n",
        encoding="utf-8",
    )
    return path


CODED = ("--text", "words", "--stage", "step", "--valence", "mark", "--valence-scale=1,5")


@pytest.mark.parametrize("command", [[], ["demo"], ["report"], ["lab"]])
def test_help_has_examples(command: list[str]) -> None:
    done = run(*command, "--help")
    assert done.exit_code == 0
    assert "Examples:" in done.output
    assert f"cjm {' '.join(command)}".strip() in done.output.split("Examples:")[1]
    assert run(*command, "-h").output == done.output


def test_the_version_is_told() -> None:
    assert __version__ in run("--version").output


def test_the_installed_command_runs_without_a_terminal(survey: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cjm_widgets.cli", "report", survey, *CODED, "--out", "m.html"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "map: " in done.stdout
    assert done.stderr == ""
    assert (tmp_path / "m.html").stat().st_size > 100_000
    missing = subprocess.run(
        [sys.executable, "-m", "cjm_widgets.cli", "report", "no.csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert missing.returncode == 1
    assert missing.stderr.count("\n") == 1


def test_a_report_says_what_was_read_and_names_dirty_rows(survey: Path, tmp_path: Path) -> None:
    done = run("report", survey, *CODED, "--out", tmp_path / "m.html")
    assert done.exit_code == 0
    assert "3 rows read" in done.output
    assert "3 texts are new, 3 codings" in done.output
    assert "rows 4" in done.output or "row 4" in done.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.html", "survey.csv"]
    page = (tmp_path / "m.html").read_text("utf-8")
    assert "Payment refused twice" in page
    assert "ann@example.org" not in page


def test_without_ratings_a_report_scores_and_says_so(survey: Path, tmp_path: Path) -> None:
    done = run("report", survey, "--text", "words", "--out", tmp_path / "m.html")
    assert "3 texts scored (cjm-en" in done.output
    french = run("report", survey, "--text", "words", "--out", tmp_path / "f.html", "--language=fr")
    assert "Découverte" in (tmp_path / "f.html").read_text("utf-8")
    assert french.exit_code == 0


def test_a_kept_study_is_gone_on_with_and_keeps_its_privacy(survey: Path, tmp_path: Path) -> None:
    place, out = tmp_path / "s.cjm", tmp_path / "m.html"
    run("report", survey, *CODED, "--study", place, "--quotes=hide", "--out", out)
    assert "Payment refused" not in out.read_text("utf-8")
    done = run("report", survey, *CODED, "--study", place, "--out", out, "--title", "Ours")
    assert "0 texts are new, 3 were there already" in done.output
    assert "Payment refused" not in out.read_text("utf-8")
    with Study(place) as study:
        assert study.privacy().quotes == "hide"
        assert len(study.codings()) == 3


def test_several_questions_a_sheet_and_an_encoding_can_be_named(tmp_path: Path) -> None:
    form, out, place = (tmp_path / name for name in ("form.csv", "m.html", "kept.cjm"))
    form.write_text("id;Bien ?;Mieux ?\n1;Très beau;Déçu\n2;;Trop cher\n", encoding="mac_roman")
    told = run("report", form, "--text", "Bien ?", "--text", "Mieux ?", "--encoding", "mac_roman",
               "--delimiter", ";", "--language", "fr", "--study", place, "--out", out)  # fmt: skip
    assert told.exit_code == 0
    assert "3 textes gardés" in told.output
    assert "carte\u202f: " in told.output
    book = tmp_path / "book.xlsx"
    with pd.ExcelWriter(book) as writer:
        for name in ("One", "Two"):
            pd.DataFrame({"comment": [f"Comment of {name}"]}).to_excel(writer, sheet_name=name)
    assert run("report", book, "--sheet", "Two", "--study", place, "--out", out).exit_code == 0
    with Study(place) as study:
        assert study.feedback()["text"].tolist() == [
            "Très beau",
            "Déçu",
            "Trop cher",
            "Comment of Two",
        ]
    assert "Tow" in refused("report", book, "--sheet", "Tow", "--out", out)


def test_kpis_title_and_pseudonyms_reach_the_map(survey: Path, tmp_path: Path) -> None:
    kpis = tmp_path / "kpis.csv"
    kpis.write_text("kpi,stage,value,n,unit\nConversion,Pay,2.5,4000,%\n", encoding="utf-8")
    out = tmp_path / "m.html"
    done = run("report", survey, *CODED, "--respondent", "who", "--kpis", kpis, "--title",
               "A <b>title</b>", "--respondents", "pseudonym", "--out", out)  # fmt: skip
    page = out.read_text("utf-8")
    assert done.exit_code == 0
    assert "Conversion" in page
    assert "A &lt;b&gt;title&lt;/b&gt;" in page
    assert "<b>title</b>" not in page


def test_errors_are_one_line_and_exit_with_one(survey: Path, tmp_path: Path) -> None:
    out = tmp_path / "m.html"
    assert "none.csv" in refused("report", tmp_path / "none.csv", "--out", out)
    assert "words" in refused("report", survey, "--text", "wrods", "--out", out)
    assert "scale" in refused("report", survey, *CODED[:-1], "--valence-scale=3,3", "--out", out)
    assert "--valence" in refused("report", survey, "--valence-scale=1,5", "--out", out)
    assert ".html" in refused("report", survey, "--out", tmp_path / "m.pdf")
    assert "exists" in refused("report", survey, "--out", tmp_path / "none" / "m.html")
    assert "sixx" in refused("report", survey, "--journey", "sixx", "--out", out)
    assert "none.csv" in refused("report", survey, *CODED, "--kpis", "none.csv", "--out", out)
    assert "none.cjm" in refused("lab", tmp_path / "none.cjm", "--no-open")
    assert "not a study" in refused("report", survey, "--study", survey, "--out", out)
    assert "folder" in refused("demo", "--folder", survey / "x", "--no-open")
    assert not out.exists()


def test_an_unwritable_place_is_told_in_one_line(survey: Path) -> None:
    if not Path("/proc/self").is_dir():
        pytest.skip("this system has no /proc, the folder nobody can write into")
    assert "cannot write" in refused("report", survey, *CODED, "--out", "/proc/self/m.html")


def test_wrong_options_are_explained(survey: Path) -> None:
    done = run("report", survey, *CODED[:-1], "--valence-scale=low")
    assert done.exit_code == 2
    assert "two numbers joined by a comma" in done.output
    assert run("report").exit_code == 2


def test_the_demo_writes_its_files_and_says_where(tmp_path: Path) -> None:
    done = run("demo", "--folder", tmp_path / "d", "--no-open")
    assert done.exit_code == 0
    lines = dict(line.split(":", 1) for line in done.output.splitlines())
    for what, name in (("study", "shop.cjm"), ("map", "map.html"), ("notebook", "tour.ipynb")):
        path = Path(lines[what].strip())
        assert path.name == name
        assert path.is_file()
    opened = run("lab", tmp_path / "d" / "shop.cjm", "--coder", "ana", "--no-open")
    assert opened.output.strip() == f"notebook: {tmp_path / 'd' / 'shop.ipynb'}"
    assert "study.coder('ana')" in (tmp_path / "d" / "shop.ipynb").read_text("utf-8")


def test_jupyterlab_is_opened_on_the_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Study(tmp_path / "-odd.cjm").close()
    called: list[tuple[list[str], Path]] = []

    def call(command: list[str], cwd: Path) -> int:
        called.append((command, cwd))
        return 3

    monkeypatch.setattr(subprocess, "call", call)
    done = CliRunner().invoke(cli.main, ["lab", str(tmp_path / "-odd.cjm")])
    (command, cwd), *_ = called
    assert done.exit_code == 3
    assert command[1:5] == ["-m", "jupyter", "lab", str(tmp_path / "-odd.ipynb")]
    assert command[5:] == (["--allow-root"] if os.geteuid() == 0 else [])
    assert cwd == tmp_path


def test_the_hospital_comments_give_the_means_of_people(shared_data: Path, tmp_path: Path) -> None:
    file = shared_data / "feedback_coded" / "nhs_phase1_text_data.csv"
    place, out = tmp_path / "nhs.cjm", tmp_path / "nhs.html"
    done = run("report", file, "--text", "feedback", "--stage", "label", "--valence",
               "criticality", "--valence-scale=-5,5", "--study", place, "--out", out)  # fmt: skip
    assert done.exit_code == 0
    assert "29, in rows 2007, 2770" in done.output
    assert "7, in rows 76, 120, 131" in done.output

    table = pd.read_csv(file, dtype="str")
    table["valence"] = pd.to_numeric(table["criticality"], errors="coerce") / 5
    table = table[table["valence"].between(-1, 1)]
    people = table.groupby("label")["valence"].mean()
    with Study(place) as study:
        view = study.map()
        curve = study.curve().frame.set_index("stage")
    assert len(curve) == 9
    assert (curve["mean"] - people.reindex(curve.index)).abs().max() < 0.005
    for stage, mean in NHS.items():
        assert curve.loc[stage, "mean"] == pytest.approx(mean, abs=0.005)
    assert view.facts.totals.respondents is None
    assert all(column.quotes for column in view.facts.stages)
    page = out.read_text("utf-8")
    assert len(page.encode()) < 2_500_000
    longest = view.facts.stages[0].quotes[0].text.split("\n")[0][:40]
    assert longest.replace("&", "&amp;").split("'")[0] in page
