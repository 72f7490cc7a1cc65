"""Turns of transcripts: who speaks where, and what is no transcript."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cjm_widgets.text.turns import Speech, at, only, turns


def said(text: str, **known: object) -> list[tuple[str, str, str]]:
    """Speaker, role and words of each turn."""
    speech = Speech(**known) if known else None  # type: ignore[arg-type]
    return [(t.speaker, t.role, text[t.start : t.stop]) for t in turns(text, speech)]


@pytest.mark.parametrize(
    "text",
    [
        "Interviewer: How was it?\nAna: Slow.",
        "INT: How was it?\nP1: Slow.",
        "Q: How was it?\nA: Slow.",
        "[00:01:02] INT: How was it?\n[00:01:09] Ana: Slow.",
        "00:01:02 INT: How was it?\n00:01:09 Ana: Slow.",
        "INT (00:01): How was it?\nAna (00:09): Slow.",
        "INT : How was it?\nP1 : Slow.",
        "**Interviewer:** How was it?\n**Ana:** Slow.",
        "Enquêteur : How was it?\nMarie-Ève : Slow.",
        "ENQUÊTRICE\u202f: How was it?\nM. Dupont\u202f: Slow.",
        "Interview 7\n1 May\n\nINTERVIEWER 1:\n How was it?\n\nParticipant 12:\n Slow.\n",
        "Moderator： How was it?\nAna： Slow.",
    ],
)
def test_labels_of_interviews_are_found_as_people_write_them(text: str) -> None:
    found = said(text)
    assert [role for _, role, _ in found] == ["interviewer", "respondent"]
    assert [words for _, _, words in found] == ["How was it?", "Slow."]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "One thing only: it was slow.\nNever again.",
        "Product: kettle\nProblem: broken\nSolution: none\nProblem: again",
        "Pros: light\nCons: dear\nPros: small\nCons: loud\nRating: 3\nRating: 2",
        "From: a@b.c\nTo: d@e.f\nSubject: refund\nDate: today\nFrom: x\nTo: y",
        "See https://example.org:80/a\nand http://x.y: fine",
        "We waited. Then he said: no.\nI said: why?\nHe said: because.\nI said: well.",
        "Monday: closed\nTuesday: open\nWednesday: closed\nThursday: open",
        "Avantages : rapide\nInconvénients : cher",
        "12:30: came\n12:45: waited\n13:00: left",
    ],
)
def test_a_complaint_with_colons_is_no_transcript(text: str) -> None:
    assert turns(text) == []


def test_names_alone_must_keep_coming_back() -> None:
    talk = "Ana: hello\nBo: hi\nAna: how was it\nBo: slow"
    assert [name for name, _, _ in said(talk)] == ["Ana", "Bo", "Ana", "Bo"]
    assert {role for _, role, _ in said(talk)} == {"respondent"}
    assert turns("Ana: hello\nBo: hi\nand so on and on") == []


def test_whoever_is_beside_a_participant_asks() -> None:
    found = said("Dan: So?\nParticipant: Well.\nDan: And?\nParticipant: Fine.")
    assert {name: role for name, role, _ in found} == {
        "Dan": "interviewer",
        "Participant": "respondent",
    }


def test_what_is_said_about_speakers_counts_more_than_the_guess() -> None:
    text = "Dan: So?\nthe boss: Well: fine.\nDan: And?"
    assert said(text) == []
    found = said(text, interviewer=("dan",), labels=("The boss",))
    assert [(name, role) for name, role, _ in found] == [
        ("Dan", "interviewer"),
        ("the boss", "respondent"),
        ("Dan", "interviewer"),
    ]
    assert found[1][2] == "Well: fine."


def test_several_respondents_are_respondents_of_their_own() -> None:
    text = "Moderator: So?\nAna: Slow.\nBo: Fine.\nAna: No."
    assert [turn.respondent for turn in turns(text, name="g1")] == [
        None,
        "g1: Ana",
        "g1: Bo",
        "g1: Ana",
    ]
    mapped = turns(text, Speech(respondents={"ana": "c-17"}), "g1")
    assert [turn.respondent for turn in mapped] == [None, "c-17", "g1: Bo", "c-17"]
    alone = turns("INT: So?\nAna: Slow.", name="i1")
    assert [turn.respondent for turn in alone] == [None, None]


def test_real_interviews_have_their_turns(shared_data: Path) -> None:
    for name, count in (("P1", 94), ("P2", 165), ("P3", 122)):
        text = (shared_data / "transcripts" / "pdpilot" / f"{name}.txt").read_text()
        found = turns(text)
        assert len(found) == count
        assert {(turn.speaker, turn.role) for turn in found} == {
            ("Dan", "interviewer"),
            ("Participant", "respondent"),
        }


_LINES = st.lists(
    st.tuples(st.sampled_from(["INT: ", "P1: ", "Ana : ", "[00:01] Bo: ", "", "x: "]), st.text()),
    max_size=12,
)


@given(_LINES)
def test_turns_lie_in_order_within_the_text_and_have_no_blanks_at_their_ends(
    lines: list[tuple[str, str]],
) -> None:
    text = "\n".join(label + words for label, words in lines)
    before = 0
    for turn in turns(text):
        assert before <= turn.start < turn.stop <= len(text)
        words = text[turn.start : turn.stop]
        assert words == words.strip()
        before = turn.stop


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))))
def test_what_is_left_stands_where_it_stood(text: str, spans: list[tuple[int, int]]) -> None:
    spoken = [(min(pair), min(max(pair), len(text))) for pair in spans if min(pair) < len(text)]
    left = only(text, spoken)
    assert len(left) == len(text)
    held = {i for start, stop in spoken for i in range(start, stop)}
    assert all(left[i] == text[i] if i in held else left[i] in " \n" for i in range(len(text)))


def test_a_passage_belongs_to_whoever_says_most_of_it() -> None:
    spoken = [(0, 10, "Ana"), (12, 40, "Bo"), (41, 50, "Ana")]
    assert at(spoken, 2, 5) == "Ana"
    assert at(spoken, 5, 30) == "Bo"
    assert at(spoken, 10, 12) is None
