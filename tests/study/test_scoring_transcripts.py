"""What an interviewer says has no part in any score."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import cjm_widgets as cjm

QUESTIONS = ("Was it terrible and awful?", "How was it?")
ANSWERS = {
    "The delivery was {}.": (("excellent", 1.0), ("good", 0.5), ("bad", -0.5), ("awful", -1.0))
}


def talks() -> pd.DataFrame:
    """Twenty-four interviews with one answer each; the question says nothing about it."""
    rows = []
    for at in range(24):
        word, mark = ANSWERS["The delivery was {}."][at % 4]
        question = QUESTIONS[at // 4 % 2]
        text = f"INT: {question}\nAnna: The delivery was {word}.\nINT: Lovely, thanks."
        rows.append((f"t{at}", text, "Buy", mark, f"r{at}", "en"))
    return pd.DataFrame(rows, columns=["id", "words", "stage", "mark", "who", "lang"])


@pytest.fixture
def study(tmp_path: Path) -> cjm.Study:
    made = cjm.Study(tmp_path / "s.cjm", journey=["Buy", "Use"])
    frame = talks()
    made.add(
        frame.drop(columns=["stage", "mark"]),
        text="words",
        id="id",
        respondent="who",
        language="lang",
    )
    coded = pd.DataFrame(
        {
            "id": frame["id"],
            "start": frame["words"].str.index("The delivery"),
            "stop": frame["words"].str.index("\nINT: Lovely"),
            "stage": frame["stage"],
            "valence": frame["mark"],
            "coder": "a",
        }
    )
    made.add_codings(coded, valence_scale=(-1, 1))
    return made


def by_question(scores: pd.DataFrame) -> list[list[float]]:
    """The valences of texts with one question and with the other, answer by answer."""
    values = scores.sort_values("feedback")["valence"].to_list()
    return [values[0:4], values[4:8]]


@pytest.mark.parametrize("scorer", ["cjm-en", "textblob"])
def test_a_text_scores_what_its_respondent_says(study: cjm.Study, scorer: str) -> None:
    study.score(scorer)
    one, other = by_question(study.scores(scorer))
    assert one == other
    alone = [f"The delivery was {word}." for word, _ in ANSWERS["The delivery was {}."]]
    assert one == pytest.approx(cjm.score_texts(alone, scorer)["valence"].tolist())


@pytest.mark.parametrize("scorer", ["cjm-en", "learned"])
def test_only_sentences_of_the_respondent_are_scored(study: cjm.Study, scorer: str) -> None:
    study.score(scorer)
    texts = study.feedback().set_index("feedback")["text"]
    found = study.scores(scorer, unit="sentence")
    said = {texts[row.feedback][row.start : row.stop] for row in found.itertuples()}
    assert said == {f"The delivery was {word}." for word, _ in ANSWERS["The delivery was {}."]}


def test_nothing_is_learned_from_what_the_interviewer_says(study: cjm.Study) -> None:
    from cjm_widgets.study.evidence.learning import features_of

    texts = study._store.feedback_frame(text=True).set_index("feedback")
    matrix = features_of(study._store, texts, 0.0 * texts.index.to_numpy(dtype="float64"))
    rows = matrix.toarray()
    # The first and the fifth text differ in the question alone.
    assert (rows[0] == rows[4]).all()
    assert (rows[0] != rows[1]).any()


def test_scorers_are_compared_on_what_respondents_say(study: cjm.Study) -> None:
    study.score("learned")
    frame = study.scorers().frame.set_index("scorer")
    assert {"cjm-en", "textblob", "learned"} <= set(frame.index)
    assert frame.loc["cjm-en", "n"] == 24
    assert frame.loc["cjm-en", "unknown"] == 0
    assert frame.loc["cjm-en", "spearman"] > 0.9
    assert frame.loc["learned", "spearman"] > 0.5


def test_who_asks_can_change_and_all_is_scored_anew(study: cjm.Study) -> None:
    study.score("learned")
    study.set_speakers({"INT": "respondent"}, texts="t0")
    assert study.score("learned").texts == 24
    assert len(study.scores("learned")["feedback"].unique()) == 24
