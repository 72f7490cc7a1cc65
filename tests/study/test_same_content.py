"""A file is known again by what is in it, whatever it is called."""

from __future__ import annotations

from pathlib import Path

import cjm_widgets as cjm


def test_a_renamed_file_adds_nothing(tmp_path: Path) -> None:
    first = tmp_path / "comments.csv"
    first.write_text("comment\nThe checkout failed twice today.\nGreat delivery, thank you!\n")
    second = first.with_name("copy of comments.csv")
    second.write_bytes(first.read_bytes())
    with cjm.Study(tmp_path / "s.cjm") as study:
        assert study.add(first, text="comment").added == 2
        assert study.add(second, text="comment").added == 0
        assert study.add(second, text="comment", name="another source").added == 2


def test_a_renamed_file_comes_in_again_after_its_import_was_undone(tmp_path: Path) -> None:
    first = tmp_path / "a.csv"
    first.write_text("comment\nThe checkout failed twice today.\n")
    second = first.with_name("b.csv")
    second.write_bytes(first.read_bytes())
    with cjm.Study(tmp_path / "s.cjm") as study:
        study.add(first, text="comment")
        study.undo("import")
        assert len(study.feedback()) == 0
        study.add(second, text="comment")
        assert len(study.feedback()) == 1
