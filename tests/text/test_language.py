"""Language: right where a text says enough, the study's language where it does not."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from cjm_widgets.errors import ArgumentError
from cjm_widgets.text.language import detect


def test_clear_texts_are_told_apart() -> None:
    texts = [
        "The delivery was late and nobody answered",
        "La livraison est arrivée en retard",
        "Die Lieferung war leider sehr spät",
        "El pedido llegó con mucho retraso",
        "配送很快，谢谢",
        "Посылка пришла вовремя",
    ]
    assert detect(texts) == ["en", "fr", "de", "es", "zh", "ru"]
    assert detect([text.upper() for text in texts[:4]]) == ["en", "fr", "de", "es"]


@pytest.mark.parametrize("fallback", ["en", "fr"])
def test_texts_that_say_too_little_get_the_fallback(fallback: str) -> None:
    texts = [
        "",
        " \n",
        "ok",
        "Top",
        "12345",
        "😀😀",
        "n/a",
        "https://example.org/une/page",
        None,
        "!!",
    ]
    assert detect(texts, fallback) == [fallback] * len(texts)


def test_only_the_languages_asked_for_are_given() -> None:
    texts = ["Die Lieferung war leider sehr spät", "Très bon produit", "Nada funciona aquí"]
    assert set(detect(texts, "en", ["en", "fr"])) <= {"en", "fr"}
    assert detect(texts, "en", ["en", "fr"])[1] == "fr"


def test_line_breaks_and_broken_characters_do_no_harm() -> None:
    assert detect(["Le colis\r\nest arrivé\x00 \ud800 en retard"]) == ["fr"]


def test_one_text_instead_of_several_is_refused() -> None:
    with pytest.raises(ArgumentError, match="list of texts"):
        detect("a single text")


def test_the_sample_data_is_recognised(sample_data: Path) -> None:
    rows = list(csv.DictReader((sample_data / "comments.csv").open(encoding="utf-8-sig")))
    found = detect([row["comment"] for row in rows], "en", ["en", "fr"])
    wrong = [
        row["comment"] for row, code in zip(rows, found, strict=True) if row["language"] != code
    ]
    assert len(wrong) <= 0.02 * len(rows), wrong


def test_nothing_is_printed_and_nothing_is_fetched() -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from cjm_widgets.text.language import detect\n"
        "assert 'fasttext' not in sys.modules\n"
        "assert detect(['Le colis est en retard']) == ['fr']\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
