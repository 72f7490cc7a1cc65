"""Passages found again, counted, reported; coding by search."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import cjm_widgets as cjm


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> cjm.Study:
    from cjm_widgets.study.demo import sample_study

    return sample_study(tmp_path_factory.mktemp("retrieving") / "shop.cjm")


def test_passages_stand_in_their_context(sample: cjm.Study) -> None:
    found = sample.passages("stage:purchase valence<0").frame
    assert (found["stage"] == "purchase").all()
    texts = sample.feedback().set_index("feedback")["text"]
    for row in found.itertuples():
        around = row.before.lstrip("…") + row.passage + row.after.rstrip("…")
        assert around in texts[row.feedback]


def test_a_code_stands_for_the_codes_under_it(sample: cjm.Study) -> None:
    below = sample.passages('"Pain points"').frame
    assert len(below) > len(sample.passages("payment-failure").frame) > 0
    assert set(sample.passages("payment-failure").frame["uid"]) <= set(below["uid"])


def test_attributes_words_memos_and_coders_can_be_asked_for(sample: cjm.Study) -> None:
    people = sample.feedback().set_index("feedback")["persona"]
    found = sample.passages('persona:"gift giver"').frame
    assert len(found)
    assert (found["feedback"].map(people) == "gift giver").all()
    assert sample.passages("coder:ana").frame["coder"].unique().tolist() == ["ana"]
    words = sample.passages("word:refuse*").frame["passage"]
    assert len(words)
    assert words.str.contains("refus", case=False).all()
    assert sample.passages("NOT memo:zzz").frame.shape[0] == len(sample.codings())


def test_who_writes_a_word_as_a_code_is_told_how_to_find_words(sample: cjm.Study) -> None:
    with pytest.raises(
        cjm.CjmError, match='passages with these words are found by word:"a refund"'
    ):
        sample.passages('"a refund"')
    with pytest.raises(cjm.CjmError, match="a query is a text"):
        sample.passages(["refund"])  # type: ignore[arg-type]


def test_tables_take_the_singular_and_say_what_can_be_laid_out(sample: cjm.Study) -> None:
    one, many = sample.matrix("code", "coder").frame, sample.matrix("codes", "coders").frame
    pd.testing.assert_frame_equal(one, many)
    with pytest.raises(cjm.CjmError, match="known: 'codes', 'stages', 'coders', 'respondent'"):
        sample.matrix(columns="zzz")


@pytest.mark.parametrize("query", ["paymnt-failure", "stage:purchas", "nofield:x", "("])
def test_what_is_not_there_is_told(sample: cjm.Study, query: str) -> None:
    with pytest.raises(cjm.ArgumentError):
        sample.passages(query)


def test_queries_are_kept_under_a_name_and_the_keeping_is_undone(sample: cjm.Study) -> None:
    kept = sample.keep_query("angry", "valence<0 stage:purchase")
    assert kept["name"].tolist() == ["angry"]
    assert len(sample.passages("angry")) == len(sample.passages("valence<0 stage:purchase"))
    sample.undo()
    with pytest.raises(cjm.UnknownName):
        sample.passages("angry")


def test_behind_each_cell_stand_its_passages(sample: cjm.Study) -> None:
    table = sample.matrix("codes", "stages")
    for code, stage in (("payment-failure", "purchase"), ("late-parcel", "retention")):
        assert len(table.behind(code, stage)) == table.frame.loc[code, stage] > 0
    assert set(table.behind("Payment failure", "Purchase")["stage"]) == {"purchase"}
    with pytest.raises(cjm.UnknownName):
        table.behind("payment-failure", "nowhere")


def test_codes_that_occur_together_are_counted_both_ways_alike(sample: cjm.Study) -> None:
    frame = sample.cooccurrence().frame
    assert (frame.to_numpy() == frame.to_numpy().T).all()
    assert frame.loc["payment-failure", "frustration"] > 0
    shared = sample.cooccurrence().jaccard()
    assert 0 < shared.loc["payment-failure", "frustration"] <= 1


def test_frequencies_of_the_sample_agree_with_its_codings(sample: cjm.Study) -> None:
    frame = sample.code_frequencies().frame.set_index("code")
    codes = sample.codings()["codes"].str.split("; ").explode()
    assert frame.loc["frustration", "passages"] == (codes == "frustration").sum()


def shop(folder: Path, **privacy: object) -> cjm.Study:
    study = cjm.Study(folder / "s.cjm", journey=["Search", "Pay"])
    study.set_codebook([cjm.Code("fees", "=Fees <b>", "pain", definition="When it costs")])
    texts = [f"Fees again, call me at 06 12 34 56 7{i} <script>x</script>" for i in range(4)]
    who = ["ann@example.org", "bob", "cy", "cy"]
    rows = pd.DataFrame({"id": ["a", "b", "c", "d"], "text": texts, "who": who})
    study.add(rows, text="text", id="id", respondent="who")
    codings = {"id": ["a", "b", "c", "d"], "stage": ["Pay", "Pay", "Pay", "Search"]}
    study.add_codings(pd.DataFrame({**codings, "valence": -2, "codes": "fees"}))
    if privacy:
        study.privacy(**privacy)  # type: ignore[arg-type]
    return study


def words_of(file: Path) -> str:
    if file.suffix == ".html":
        return file.read_text("utf-8")
    with zipfile.ZipFile(file) as packed:
        return " ".join(packed.read(n).decode("utf-8", "replace") for n in packed.namelist())


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_a_report_tells_no_more_than_privacy_allows(tmp_path: Path, suffix: str) -> None:
    study = shop(tmp_path, respondents="pseudonym")
    text = words_of(study.report(tmp_path / f"r{suffix}"))
    assert "Fees again" in text
    assert "ann@example.org" not in text
    assert "bob" not in text
    assert "06 12 34 56" not in text
    assert "<script>" not in text
    assert "P-" in text


def test_chapters_of_too_few_people_are_left_out_and_hidden_quotes_refused(tmp_path: Path) -> None:
    study = shop(tmp_path, minimum=2)
    page = study.report(tmp_path / "r.html", by="stage").read_text("utf-8")
    assert "Pay" in page
    assert "Search" not in page
    study.privacy(quotes="hide")
    with pytest.raises(cjm.ArgumentError, match="hides them all"):
        study.report(tmp_path / "r.html")


def test_formulas_in_a_reports_sheet_stay_text(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(shop(tmp_path).report(tmp_path / "r.xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_report_names_its_kinds_and_suffixes(tmp_path: Path) -> None:
    study = shop(tmp_path)
    with pytest.raises(cjm.UnknownName, match="docx"):
        study.report(tmp_path / "r.pdf")
    with pytest.raises(cjm.UnknownName, match="respondent"):
        study.report(tmp_path / "r.html", by="day")  # type: ignore[arg-type]
    with pytest.raises(cjm.NoEvidence):
        study.report(tmp_path / "r.html", "valence>0")


def test_coding_by_search_is_proposed_chosen_taken_once_and_undone_at_once(tmp_path: Path) -> None:
    study = cjm.Study(tmp_path / "s.cjm", journey=["Search", "Pay"])
    study.set_codebook([cjm.Code("refund", "Refund")])
    texts = ["I want a REFUND. Now!", "Remboursé enfin. Merci.", "No refunds here.", "Nothing."]
    study.add(pd.DataFrame({"text": texts}), text="text")
    found = study.autocode("refund OR rembours*", codes="Refund", stage="Pay")
    assert found.frame["passage"].tolist() == ["I want a REFUND.", "Remboursé enfin."]
    assert not len(study.codings())
    page = found._repr_mimebundle_()["text/html"]
    assert "Refund" in page
    assert "coded by" not in page
    assert len(found.keep([True, False])) == len(found.drop([1])) == len(found.keep([0])) == 1
    assert found.take("ana")["codings"].tolist() == [2]
    assert found.take("ana")["codings"].tolist() == [0]
    made = study.codings("ana")
    assert made["origin"].unique().tolist() == ["suggestion"]
    assert made["stage"].unique().tolist() == [study.journey.stage("Pay").key]
    assert study.undo("ana") == "coding by search"
    assert not len(study.codings("ana"))
    assert found.take("ana")["codings"].tolist() == [2]
    assert len(study.codings("ana")) == 2


def test_what_an_interviewer_says_is_not_coded_by_search(tmp_path: Path) -> None:
    study = cjm.Study(tmp_path / "s.cjm", journey=["Search", "Pay"])
    talk = "\n".join(["Interviewer: Was it slow?", "Ana: It was fine."] * 3)
    study.add(pd.DataFrame({"text": [talk]}), text="text")
    assert not len(study.autocode("slow", stage="Pay"))
    assert len(study.autocode("fine", stage="Pay", scope="turn")) == 3


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({}, cjm.ArgumentError),
        ({"codes": "nothing"}, cjm.UnknownName),
        ({"stage": "Pay", "scope": "word"}, cjm.UnknownName),
        ({"valence": 3}, cjm.ArgumentError),
    ],
)
def test_autocoding_refuses_what_says_nothing_or_is_unknown(tmp_path, said, error) -> None:
    study = shop(tmp_path)
    with pytest.raises(error):
        study.autocode("fees", **said)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("coder:anna", "no coder is called 'anna'; did you mean 'ana'"),
        ('persona:"gift givers"', "no value of 'persona' is called 'gift givers'; did you mean"),
        ("channel:fax NOT joy", "no value of 'channel' is called 'fax'; known: "),
    ],
)
def test_a_value_or_a_coder_that_nobody_has_is_told(
    sample: cjm.Study, query: str, told: str
) -> None:
    with pytest.raises(cjm.UnknownName) as error:
        sample.passages(query)
    assert told in str(error.value)


def test_capitals_of_coders_and_values_do_not_matter(sample: cjm.Study) -> None:
    assert len(sample.passages("coder:ANA")) == len(sample.passages("coder:ana")) > 0
    assert len(sample.passages('persona:"Gift Giver"')) > 0
    with pytest.raises(cjm.UnknownName, match="did you mean 'ana'"):
        sample.passages(coder="anna")
