"""Turns of transcripts in a study, on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest
from store_kit import feedback

from cjm_widgets.errors import UnknownName
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store
from cjm_widgets.store.contents.rewind import rewind
from cjm_widgets.store.history.chronicle import Asked
from cjm_widgets.text.turns import Speech

INTERVIEW = "INT: Were the photos bad?\nAna: They were good.\nINT: Really?\nAna: Yes, lovely."
GROUP = "Moderator: So?\nAna: Slow and bad.\nBo: It was lovely.\nAna: No."


@pytest.fixture
def talk(store: Store) -> Store:
    """An interview, a focus group, and a comment that is neither."""
    frame = feedback(
        [INTERVIEW, GROUP, "ok: fine\nall good"],
        id=["i1", "g1", "c1"],
        respondent=["ana", None, "cleo"],
        language=["en"] * 3,
    )
    store.set_journey(Journey.of("Buy", "Use"), "ana")
    count = store.add([frame], source="talk")
    assert count.transcripts == 2
    return store


def who(store: Store, ids: list[int] | None = None) -> list[tuple[int, str, str, str | None]]:
    frame = store.turns(ids)
    columns = (frame[name] for name in ("feedback", "speaker", "role", "respondent"))
    return [
        (f, s, role, r if isinstance(r, str) else None)
        for f, s, role, r in zip(*columns, strict=True)
    ]


def test_turns_are_kept_with_their_respondents(talk: Store) -> None:
    assert who(talk, [1]) == [
        (1, "INT", "interviewer", None),
        (1, "Ana", "respondent", "ana"),
        (1, "INT", "interviewer", None),
        (1, "Ana", "respondent", "ana"),
    ]
    assert [r for *_, r in who(talk, [2])] == [None, "g1: Ana", "g1: Bo", "g1: Ana"]
    assert who(talk, [3]) == []
    assert len(who(talk)) == 8
    first = talk.turns([1]).iloc[1]
    assert INTERVIEW[first["start"] : first["stop"]] == "They were good."


def test_what_the_interviewer_says_is_not_scored(talk: Store) -> None:
    texts = next(iter(talk.texts_to_score("any", "1")))
    words = texts["text"].tolist()
    assert [len(one) for one in words] == [len(INTERVIEW), len(GROUP), len("ok: fine\nall good")]
    assert words[0].split() == ["They", "were", "good.", "Yes,", "lovely."]
    assert words[0][INTERVIEW.index("They") :].startswith("They were good.")
    assert words[2] == "ok: fine\nall good"
    stop = INTERVIEW.index("\nINT: Really")
    talk.add_codings([Coding("", 1, 1, 0, stop, "ana", valence=1)])
    passage = next(iter(talk.passages_to_score("any", "1")))["text"].iloc[0]
    assert passage.split() == ["They", "were", "good."]
    assert len(passage) == stop


def test_a_passage_of_a_focus_group_belongs_to_who_speaks_in_it(talk: Store) -> None:
    bo = GROUP.index("It was")
    talk.add_codings(
        [
            Coding("", 2, 1, bo, bo + 5, "eva", valence=1),
            Coding("", 2, 1, 15, 30, "eva", valence=-1),
            Coding("", 2, 1, 0, 14, "eva"),
            Coding("", 3, 1, 0, 2, "eva"),
            Coding("", 1, 1, 0, 3, "eva"),
        ]
    )
    found = talk.codings()
    by_place = dict(
        zip(zip(found["feedback"], found["start"], strict=True), found["respondent"], strict=True)
    )
    assert by_place[2, bo] == "g1: Bo"
    assert by_place[2, 15] == "g1: Ana"
    assert not isinstance(by_place[2, 0], str)  # nobody's: the moderator speaks
    assert by_place[3, 0] == "cleo"
    assert by_place[1, 0] == "ana"


def test_people_say_who_speaks_and_take_it_back(talk: Store) -> None:
    talk.set_speakers({"bo": "interviewer", "Ana": "anna-7"}, "eva", [2])
    assert [(role, r) for _, _, role, r in who(talk, [2])] == [
        ("interviewer", None),
        ("respondent", "anna-7"),
        ("interviewer", None),
        ("respondent", "anna-7"),
    ]
    assert [r for *_, r in who(talk, [1])] == [None, "ana", None, "ana"]
    talk.undo("eva")
    assert [r for *_, r in who(talk, [2])] == [None, "g1: Ana", "g1: Bo", "g1: Ana"]
    talk.redo("eva")
    assert talk.set_speakers({"Bo": "interviewer"}, "eva", [2]) == 0
    with pytest.raises(UnknownName, match="speaker"):
        talk.set_speakers({"Zoe": "interviewer"}, "eva")


def test_scores_of_transcripts_are_made_again_when_somebody_else_asks(talk: Store) -> None:
    texts = next(iter(talk.texts_to_score("any", "1")))
    scores = texts.assign(
        start=0, stop=texts["text"].str.len(), unit="text", scorer="any", scorer_version="1",
        valence=0.5, known=True,
    )  # fmt: skip
    talk.write_scores(scores.astype({"unit": "str", "scorer": "str", "scorer_version": "str"}))
    assert list(talk.texts_to_score("any", "1")) == []
    talk.set_speakers({"Bo": "interviewer"}, "eva")
    again = next(iter(talk.texts_to_score("any", "1")))
    assert again["feedback"].tolist() == [1, 2]
    assert "lovely" not in again["text"].iloc[1]
    talk.undo("eva")
    assert "lovely" in next(iter(talk.texts_to_score("any", "1")))["text"].iloc[1]


def test_naming_the_interviewer_later_finds_turns_in_texts_that_are_there(store: Store) -> None:
    frame = feedback(["dan: So: what?\nana: Fine."], id=["i1"])
    assert store.add([frame], source="s").transcripts == 0
    assert not store.has_turns()
    store.add([frame], source="s", speech=Speech(("Dan",), {"ana": "a7"}))
    assert [(s, role, r) for _, s, role, r in who(store)] == [
        ("dan", "interviewer", None),
        ("ana", "respondent", "a7"),
    ]


def _told() -> tuple[pd.DataFrame, Speech]:
    """The focus group as it is there, and other words about who speaks in it."""
    again = feedback([INTERVIEW, GROUP], id=["i1", "g1"], respondent=["ana", None])
    return again, Speech(("Moderator", "INT"), {"Bo": "bo-1", "Ana": "ana-7"})


def test_speakers_named_later_are_part_of_the_import_and_undone_with_it(talk: Store) -> None:
    frame, speech = _told()
    before = who(talk)
    count = talk.add([frame], source="talk", speech=speech)
    assert (count.changed, count.same, count.added) == (2, 0, 0)
    after = who(talk)
    assert [r for *_, r in who(talk, [2])] == [None, "ana-7", "bo-1", "ana-7"]
    talk.undo("import")
    assert who(talk) == before
    talk.redo("import")
    assert who(talk) == after
    told = talk.changes(Asked(what="text"), None, "en")
    assert "Ana: g1: Ana" in told["before"].str.cat()
    assert "Bo: bo-1" in told["after"].str.cat()
    again = talk.add([frame], source="talk", speech=speech)
    assert (again.seq, again.same) == (0, 2), "the same once more is nothing new"


def test_nobody_sees_a_new_cut_before_the_import_is_done(talk: Store) -> None:
    frame, speech = _told()
    before = who(talk)

    def killed() -> Iterator[pd.DataFrame]:
        yield frame
        assert who(talk) == before
        raise KeyboardInterrupt

    seq = talk.seq()
    with pytest.raises(KeyboardInterrupt):
        talk.add(killed(), source="talk", speech=speech)
    assert (who(talk), talk.seq()) == (before, seq)


def test_scores_of_a_text_that_is_cut_anew_are_made_again_both_ways(talk: Store) -> None:
    def score() -> list[int]:
        found = list(talk.texts_to_score("any", "1"))
        for texts in found:
            said = {"unit": "text", "scorer": "any", "scorer_version": "1"}
            told = texts.assign(start=0, stop=texts["text"].str.len(), valence=0.5, known=True)
            talk.write_scores(told.assign(**said).astype(dict.fromkeys(said, "str")))
        return [number for rows in found for number in rows["feedback"].tolist()]

    assert score() == [1, 2, 3]
    frame, _ = _told()
    talk.add([frame], source="talk", speech=Speech(("Bo", "INT")))
    assert score() == [2], "in the interview nobody else asks"
    talk.undo("import")
    assert score() == [2]


def test_a_copy_of_how_it_was_has_the_turns_of_then(talk: Store) -> None:
    frame, speech = _told()
    before, seq = who(talk), talk.seq()
    talk.add([frame.assign(channel=pd.array(["web", "web"], dtype="str"))], source="talk")
    talk.add([frame], source="talk", speech=speech)
    assert who(talk) != before
    rewind(talk.base, seq)
    assert who(talk) == before


def test_who_is_forgotten_does_not_come_back_with_an_older_cut(talk: Store) -> None:
    frame, speech = _told()
    talk.add([frame], source="talk", speech=speech)
    talk.forget("bo-1", "boss")
    talk.undo("import")
    assert [r for *_, r in who(talk, [2])] == [None, "g1: Ana", None, "g1: Ana"]
    talk.redo("import")
    assert [r for *_, r in who(talk, [2])] == [None, "ana-7", None, "ana-7"]
    assert "Bo" not in str(talk.changes(Asked(), None, "en").to_dict()), "the history names nobody"
    talk.undo("import")
    talk.forget("ana-7", "boss")  # only the journal knows them now
    talk.redo("import")
    assert "ana-7" not in [r for *_, r in who(talk)]


def test_an_import_that_is_undone_takes_its_turns_out_of_sight(talk: Store) -> None:
    talk.undo("import")
    assert len(talk.turns()) == 0
    talk.redo("import")
    assert len(talk.turns()) == 8
