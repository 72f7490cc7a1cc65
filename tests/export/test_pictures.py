"""PNG and PDF by a browser, and what is said where there is none."""

from __future__ import annotations

import re
import stat
import struct
import tempfile
import time
import zlib
from pathlib import Path

import pytest
from shop_example import shop

from cjm_widgets.errors import ArgumentError, CjmError, MissingExtra
from cjm_widgets.export import Options, browsing, pictures, write
from cjm_widgets.view import MapView, drawing


def _found() -> bool:
    try:
        return bool(browsing.find())
    except MissingExtra:
        return False


needs_browser = pytest.mark.skipif(not _found(), reason="no Chromium on this machine")


def png_size(content: bytes) -> tuple[int, int]:
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    wide, tall = struct.unpack(">II", content[16:24])
    return wide, tall


def last_rows(content: bytes) -> bytes:
    """The pixels of the last tenth, filters left as they are: any word makes them uneven."""
    data = b"".join(
        content[at + 8 : at + 8 + size]
        for at, size in _chunks(content)
        if content[at + 4 : at + 8] == b"IDAT"
    )
    raw = zlib.decompress(data)
    return raw[-len(raw) // 10 :]


def _chunks(content: bytes) -> list[tuple[int, int]]:
    found, at = [], 8
    while at < len(content):
        size = struct.unpack(">I", content[at : at + 4])[0]
        found.append((at, size))
        at += size + 12
    return found


@needs_browser
@pytest.mark.browser
def test_a_png_shows_the_whole_drawing_at_the_scale_asked_for(tmp_path: Path) -> None:
    svg = drawing.svg(shop(6))
    wide, tall = pictures._size(svg)
    [path] = write(shop(6), tmp_path / "map.png", options=Options(scale=1.5))
    content = path.read_bytes()
    assert png_size(content) == (pytest.approx(wide * 1.5, abs=2), pytest.approx(tall * 1.5, abs=2))
    # The legend is at the very end: nothing was cut off below.
    assert len(set(last_rows(content))) > 20
    assert [p.name for p in tmp_path.iterdir()] == ["map.png"]


@needs_browser
@pytest.mark.browser
def test_a_pdf_is_one_page_a3_landscape_with_letters_as_such(tmp_path: Path) -> None:
    [path] = write(MapView(shop(14)), tmp_path / "map.pdf", options=Options(language="fr"))
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page[^s]", content)) == 1
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", content)
    assert box is not None
    assert (float(box[1]), float(box[2])) == (
        pytest.approx(1190.6, abs=2),
        pytest.approx(841.9, abs=2),
    )
    assert b"/FontFile2" in content
    assert b"/Subtype /Image" not in content.replace(b"/Subtype/Image", b"/Subtype /Image")


def test_without_a_browser_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(browsing.shutil, "which", lambda name: None)
    monkeypatch.setattr(browsing, "PLACES", ())
    monkeypatch.setattr(browsing, "_of_playwright", lambda: None)
    with pytest.raises(MissingExtra, match=r"cjm-widgets\[pictures\].*playwright install chromium"):
        write(shop(3), tmp_path / "map.pdf")
    assert not list(tmp_path.iterdir())


def fake(tmp_path: Path, script: str) -> str:
    path = tmp_path / "browser"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return str(path)


def test_a_browser_that_hangs_is_ended_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mark = tmp_path / "child"
    place = fake(tmp_path, f"(sleep 3; touch {mark}) & sleep 60")
    monkeypatch.setattr(browsing, "find", lambda: place)
    begun = time.monotonic()
    with pytest.raises(CjmError, match=r"did not answer.*\.svg"):
        browsing.made("<p>x</p>", "map.png", (), patience=0.5)
    assert time.monotonic() - begun < 30
    time.sleep(3.2)
    assert not mark.exists()


def test_a_browser_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = fake(tmp_path, "echo 'no usable sandbox' >&2; exit 1")
    monkeypatch.setattr(browsing, "find", lambda: place)
    with pytest.raises(CjmError, match=r"made no \.png: no usable sandbox"):
        browsing.made("<p>x</p>", "map.png", ())


def test_a_browser_runs_offline_without_scripts_and_with_a_profile_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = fake(tmp_path, f'printf "%s\\n" "$@" > {tmp_path}/told; echo made > "$OUT"')
    seen: list[str] = []

    def popen(command: list[str], **more: object) -> object:
        seen.extend(command)
        raise OSError("enough")

    monkeypatch.setattr(browsing, "find", lambda: place)
    monkeypatch.setattr(browsing.subprocess, "Popen", popen)
    with pytest.raises(OSError, match="enough"):
        browsing.made("<p>x</p>", "map.png", ("--screenshot={out}",))
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in seen
    assert "--disable-javascript" in seen
    assert any(option.startswith("--user-data-dir=") for option in seen)


@pytest.mark.parametrize("scale", [0, 0.1, 9, -1])
def test_a_scale_out_of_bounds_is_refused_before_any_browser_starts(scale: float) -> None:
    with pytest.raises(ArgumentError, match="scale"):
        pictures.png(drawing.svg(shop(3)), scale)


@needs_browser
def test_a_temporary_folder_with_a_long_name_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("folder-" * 14)
    long.mkdir()
    monkeypatch.setenv("TMPDIR", str(long))
    monkeypatch.setattr(tempfile, "tempdir", None)
    page = "<!doctype html><title>t</title><p>drawn</p>"
    wishes = ("--window-size=200,100", "--screenshot={out}")
    assert browsing.made(page, "p.png", wishes).startswith(b"\x89PNG")
