"""study.add, journeys, the codebook: what a file brings and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import cjm_widgets as cjm
from cjm_widgets.errors import ArgumentError, FileMissing, ReadError, UnknownName
from cjm_widgets.model.columns import CODINGS, check
from cjm_widgets.read import Limits
from cjm_widgets.study import Study

Make = Callable[..., Study]


def rated(n: int = 4, **columns: object) -> pd.DataFrame:
    base = {
        "id": [f"t{i}" for i in range(n)],
        "words": [f"The checkout number {i} was slow and bad." for i in range(n)],
        "step": ["Search", "Pay", "Use", "Pay"][:n],
        "mark": [1, 2, 5, 3][:n],
    }
    return pd.DataFrame(base | columns)


ROLES = {"text": "words", "id": "id", "stage": "step", "valence": "mark", "valence_scale": (1, 5)}


@pytest.mark.parametrize(
    "journey",
    [
        ["Search", "Pay", "Use"],
        cjm.Journey.of("Search", {"en": "Pay", "fr": "Payer"}, "Use"),
        pd.DataFrame({"stage": ["Search", "Pay", "Use"], "name_fr": ["Chercher", "Payer", "Use"]}),
    ],
    ids=["names", "journey", "frame"],
)
def test_a_journey_of_ones_own_comes_from_python_or_a_frame(new: Make, journey: object) -> None:
    study = new(journey=journey)
    assert [stage.key for stage in study.journey] == ["Search", "Pay", "Use"]
    study.add(rated(), **ROLES)
    assert study.curve().frame["stage"].tolist() == ["Search", "Pay", "Use"]
    again = new()
    assert again.journey == study.journey


def test_a_journey_of_ones_own_comes_from_toml(new: Make, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'key = "mine"\n[[stages]]\nkey = "a"\nnames = {en = "First", fr = "D’abord"}\n'
        '[[stages]]\nkey = "a1"\nparent = "a"\n',
        encoding="utf-8",
    )
    study = new(journey=file, language="fr")
    assert [stage.key for stage in study.journey] == ["a", "a1"]
    assert study.map(estimate="coded").facts.stages[0].name == "D’abord"


def test_an_unknown_preset_or_language_is_refused_with_the_known_ones(new: Make) -> None:
    with pytest.raises(UnknownName, match="'six'"):
        new(journey="sixx")
    with pytest.raises(ArgumentError, match="'en' or 'fr'"):
        new(language="de")


def test_stages_and_ratings_become_codings_of_the_importer(study: Study) -> None:
    report = study.add(rated(), **ROLES)
    codings = check(study.codings(), CODINGS, "test")
    assert report.stored.codings == len(codings) == 4
    assert set(codings["coder"]) == {"import"}
    assert set(codings["origin"]) == {"import"}
    assert codings["valence"].tolist() == [-1, -0.5, 1, 0]
    assert codings["passage"].tolist() == rated()["words"].tolist()
    assert study.coders()["kind"].tolist() == ["import"]


def test_without_a_journey_the_labels_become_it_in_order_of_appearance(study: Study) -> None:
    study.add(rated(), **ROLES)
    assert [stage.key for stage in study.journey] == ["Search", "Pay", "Use"]
    study.add(rated(1, id=["n"], step=["Return"]), **ROLES)
    assert [stage.key for stage in study.journey] == ["Search", "Pay", "Use", "Return"]


def test_labels_that_differ_in_case_and_blanks_are_one_stage(study: Study) -> None:
    study.add(rated(step=["Pay", "pay ", "PAY", "Use"]), **ROLES)
    assert [stage.key for stage in study.journey] == ["Pay", "Use"]
    assert study.curve().frame["n"].tolist() == [3, 1]


def test_the_six_stages_give_way_to_labels_only_while_nothing_rests_on_them(new: Make) -> None:
    first = new("first.cjm")
    first.add(rated().drop(columns=["step", "mark"]), text="words", id="id")
    assert [stage.key for stage in first.journey][:2] == ["discovery", "consideration"]
    first.add(rated(), **ROLES)
    assert [stage.key for stage in first.journey] == ["Search", "Pay", "Use"]

    second = new("second.cjm")
    second.note("goals", "purchase", "Pay quickly")
    with pytest.raises(ReadError, match="no stage is called 'Search'"):
        second.add(rated(), **ROLES)


def test_an_unknown_label_in_a_chosen_journey_names_row_and_remedy(new: Make) -> None:
    study = new(journey=["Search", "Pay"])
    with pytest.raises(ReadError, match=r"row 3, column 'step'.*'Use'.*set_journey") as caught:
        study.add(rated(), **ROLES)
    assert caught.value.row == 3
    assert len(study.feedback()) == 0
    assert len(study.codings()) == 0


def test_a_journey_chosen_after_labels_is_kept_as_chosen(study: Study) -> None:
    study.add(rated(), **ROLES)
    study.set_journey(["Search", "Pay", "Use"])
    with pytest.raises(ReadError, match="'Return'"):
        study.add(rated(1, id=["n"], step=["Return"]), **ROLES)


def test_a_column_of_many_values_is_no_column_of_stages(study: Study) -> None:
    frame = pd.DataFrame({"words": [f"text {i}" for i in range(90)]})
    frame["step"] = [f"s{i}" for i in range(90)]
    with pytest.raises(ReadError, match="more than 60 different values"):
        study.add(frame, text="words", stage="step")
    assert len(study.journey) == 0
    assert len(study.feedback()) == 0


def test_a_file_that_fails_half_way_leaves_no_stages_behind(study: Study) -> None:
    frame = pd.DataFrame({"words": [f"text {i}" for i in range(45_000)], "step": "a"})
    frame.loc[44_000:, "step"] = [f"s{i}" for i in range(1_000)]
    with pytest.raises(ReadError, match="different values"):
        study.add(frame, text="words", stage="step")
    assert len(study.journey) == 0
    assert len(study.feedback()) == 0


def test_the_same_file_twice_adds_nothing(place: str, tmp_path: Path) -> None:
    file = tmp_path / "survey.csv"
    rated().to_csv(file, index=False)
    with Study(place) as study:
        assert study.add(file, **ROLES).added == 4
        again = study.add(file, **ROLES)
        assert (again.added, again.stored.same, again.stored.codings) == (0, 4, 0)
        assert len(study.codings()) == 4
        assert len(study.feedback()) == 4


def test_without_ids_texts_are_known_by_words_and_ordinal(study: Study, tmp_path: Path) -> None:
    file = tmp_path / "plain.csv"
    file.write_text("words,place\nok,Bath\nok,York\nlate,Bath\n", encoding="utf-8")
    assert study.add(file, text="words").added == 3
    assert study.add(file, text="words").added == 0


def test_a_changed_row_makes_a_new_version_that_is_scored_again(place: str, tmp_path: Path) -> None:
    file = tmp_path / "survey.csv"
    rated().to_csv(file, index=False)
    with Study(place) as study:
        study.add(file, **ROLES)
        assert study.score().texts == 4
        changed = rated()
        changed.loc[1, "words"] = "It was wonderful and great."
        changed.to_csv(file, index=False)
        report = study.add(file, **ROLES)
        assert (report.added, report.stored.changed, report.stored.same) == (0, 1, 3)
        feedback = study.feedback().set_index("source_id")
        assert feedback["version"].to_dict() == {"t0": 1, "t1": 2, "t2": 1, "t3": 1}
        assert study.score().texts == 1
        assert study.score().texts == 0
        scores = study.scores().set_index("feedback")["valence"]
        assert len(scores) == 4
        assert scores[feedback.loc["t1", "feedback"]] > 0.5


def test_two_objects_on_one_study_see_each_others_work(place: str) -> None:
    with Study(place) as one, Study(place) as two:
        one.add(rated(), **ROLES)
        assert two.curve().frame["n"].tolist() == [1, 2, 1]
        two.note("goals", "Pay", "Pay in one go")
        assert one.notes()["text"].tolist() == ["Pay in one go"]
        one.score()
        before = two.curve("automatic").frame["n"].sum()
        one.add(rated(1, id=["more"], words=["Great help, lovely."]), **ROLES)
        one.score()
        assert two.curve("automatic").frame["n"].sum() == before + 1


def test_an_import_is_undone_and_done_again_by_its_coder(place: str) -> None:
    with Study(place) as study:
        study.add(rated(), **ROLES)
        assert study.default_estimate() == "coded"
        assert study.undo("import") == "import"
        assert len(study.feedback()) == 0
        assert len(study.codings()) == 0
        assert study.curve().frame["n"].sum() == 0
        assert study.redo("import") == "import"
        assert study.curve().frame["n"].tolist() == [1, 2, 1]


def test_ratings_taken_back_no_longer_make_a_study_coded(study: Study) -> None:
    study.add(rated(), **ROLES)
    study.undo("import")
    study.add(rated(words=["a", "b", "c", "d"]), text="words", name="other")
    assert study.default_estimate() == "automatic"


def test_the_editor_undoes_a_journey(new: Make) -> None:
    study = new(journey=["a", "b"])
    study.set_journey(["a", "c"])
    assert study.undo("editor") == "journey"
    assert [stage.key for stage in study.journey] == ["a", "b"]
    assert study.history("editor")["kind"].tolist() == ["undo", "do", "do"]
    assert study.history(limit=1)["kind"].tolist() == ["undo"]


def test_the_report_says_what_was_kept_guessed_and_new(study: Study) -> None:
    frame = rated(mark=[1, 2, "eleven", 9])
    report = study.add(frame, **ROLES)
    assert "4 texts are new" in str(report)
    assert "words" in str(report)
    assert set(report.frame["row"]) == {3, 4}
    html = report._repr_html_()
    assert "4 texts are new" in html
    assert study.add(frame, **ROLES)._stored() == "0 texts are new, 4 were there already"


def test_a_report_never_carries_markup_of_a_file(study: Study) -> None:
    frame = pd.DataFrame({"<script>alert(1)</script>": ["hello there"], "n": ["<b>"]})
    assert "<script>" not in study.add(frame)._repr_html_()


def test_a_missing_file_and_a_wrong_column_are_told(study: Study, tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match=r"nothing\.csv"):
        study.add(tmp_path / "nothing.csv")
    with pytest.raises(cjm.CjmError, match="words"):
        study.add(rated(), text="word")
    with pytest.raises(ReadError, match="no row has a text"):
        study.add(pd.DataFrame({"words": ["", "  ", None]}), text="words")
    with pytest.raises(ReadError, match="empty"):
        study.add(pd.DataFrame({"words": pd.Series([], dtype="str")}))


def test_a_huge_text_is_let_in_only_when_it_is_asked_for(study: Study) -> None:
    frame = pd.DataFrame({"words": ["This is good, that is bad. 👍🏽 " * 40_000]})
    with pytest.raises(ReadError, match=r"limits=cjm_widgets\.read\.Limits\(cell="):
        study.add(frame, text="words")
    study.add(frame, text="words", limits=Limits(cell=5_000_000))
    assert study.score().texts == 1
    (length,) = study.scores()["stop"]
    assert length == len(frame["words"][0].strip()) or length == len(frame["words"][0])
    assert len(study.map().page()) < 3_000_000


def test_a_codebook_comes_from_codes_or_a_frame(study: Study) -> None:
    study.set_codebook([cjm.Code("pain", "Pain", "pain")])
    study.set_codebook(
        pd.DataFrame(
            {
                "code": ["pain", "fee"],
                "name": ["Pain", "Fees"],
                "kind": ["pain", "pain"],
                "parent": [None, "pain"],
            }
        )
    )
    assert [code.name for code in study.codebook] == ["Pain", "Fees"]
    assert study.undo() == "codebook"
    assert [code.name for code in study.codebook] == ["Pain"]


def test_a_study_knows_its_name_path_and_counts(new: Make, tmp_path: Path) -> None:
    study = new("a.cjm", name="Maison <b>", language="fr")
    study.add(rated(), **ROLES)
    assert study.path == tmp_path / "a.cjm"
    assert study.language == "fr"
    assert repr(study).startswith("Study('Maison <b>'")
    assert "Maison &lt;b&gt;" in study._repr_html_()
    copy = study.copy(tmp_path / "copy.cjm")
    with Study(copy, create=False) as other:
        assert other.name == "Maison <b>"
        assert other.language == "fr"
        assert len(other.codings()) == 4
    with pytest.raises(FileMissing):
        new("none.cjm", create=False)
    with pytest.raises(FileMissing):
        Study(tmp_path / "no" / "folder" / "a.cjm")


def test_a_file_of_another_program_is_not_opened_as_a_study(tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear Sir or Madam, this is no study." * 50, encoding="utf-8")
    with pytest.raises(cjm.NotAStudy):
        Study(other)


def test_a_study_whose_file_is_gone_says_so_when_it_is_changed(study: Study) -> None:
    study.add(rated(), **ROLES)
    assert study.path is not None
    study.path.unlink()
    with pytest.raises(cjm.LostFile):
        study.note("goals", "Pay", "too late")
