"""VADER and models of transformers as scorers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cjm_widgets.errors import ArgumentError, MissingExtra
from cjm_widgets.score import Scorer, TransformersScorer, installed, score_texts, scorer
from cjm_widgets.score import vader as vader_module
from cjm_widgets.score.labels import label_valences

Make = Callable[..., Path]
STARS = ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"]


@pytest.fixture
def tiny(tmp_path: Path) -> Make:
    """Saves a classifier with random weights that knows five words."""
    pytest.importorskip("torch", reason="models of transformers need torch")
    transformers: Any = pytest.importorskip("transformers", reason="extra `transformers`")
    tokenizers: Any = pytest.importorskip("tokenizers", reason="extra `transformers`")

    def make(labels: list[str] = STARS, *, pad: bool = True, **config: Any) -> Path:
        import torch

        torch.manual_seed(4)
        words = ["[PAD]", "[UNK]", "good", "bad", "shop", "late", "parcel"]
        model = tokenizers.models.WordLevel({w: at for at, w in enumerate(words)}, "[UNK]")
        tokenizer = tokenizers.Tokenizer(model)
        tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
        folder = tmp_path / f"model {len(list(tmp_path.iterdir()))}"
        transformers.PreTrainedTokenizerFast(
            tokenizer_object=tokenizer,
            unk_token="[UNK]",
            model_max_length=16,
            **({"pad_token": "[PAD]"} if pad else {}),
        ).save_pretrained(folder)
        sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2}
        made = transformers.BertConfig(
            vocab_size=len(words),
            intermediate_size=8,
            max_position_embeddings=16,
            initializer_range=1.0,
            id2label=dict(enumerate(labels)),
            label2id={label: at for at, label in enumerate(labels)},
            **sizes,
            **config,
        )
        transformers.BertForSequenceClassification(made).save_pretrained(folder)
        return folder

    return make


def _by_hand(folder: Path, text: str) -> np.ndarray[Any, Any]:
    """Probabilities of the labels, without any of our code."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    with torch.no_grad():
        logits = model(**tokenizer(text, return_tensors="pt")).logits[0]
    return np.asarray(torch.softmax(logits.double(), -1).numpy())


def test_a_model_in_a_folder_scores_by_the_expected_number_of_stars(tiny: Make) -> None:
    folder = tiny()
    made = scorer(f"transformers:{folder}")
    assert isinstance(made, Scorer)
    assert made.name == f"transformers:{folder.name}"
    texts = ["good shop", "bad parcel late", "good", "", "  ", "late late late late"]
    frame = score_texts(texts, made)
    expected = [_by_hand(folder, text) @ np.linspace(-1, 1, 5) for text in texts if text.strip()]
    assert frame.loc[frame["known"], "valence"].to_numpy() == pytest.approx(expected, abs=1e-6)
    assert frame["known"].tolist() == [True, True, True, False, False, True]
    assert frame["valence"].nunique() > 3


def test_batches_and_padding_change_nothing(tiny: Make) -> None:
    folder = tiny()
    texts = ["good " * n for n in range(1, 12)] + ["bad shop"]
    values = [TransformersScorer(folder, batch=size).score(texts)[0] for size in (1, 3, 64)]
    assert values[0] == pytest.approx(values[1], abs=1e-6)
    assert values[0] == pytest.approx(values[2], abs=1e-6)
    unpadded = TransformersScorer(tiny(pad=False))
    assert len(unpadded.score(texts)[0]) == len(texts)


def test_of_a_text_too_long_for_the_model_the_beginning_is_read(tiny: Make) -> None:
    made = TransformersScorer(tiny())
    start = "good shop " * 8
    values = made.score([start, start + "bad " * 50, start + "late parcel " * 400_000])[0]
    assert values[1] == pytest.approx(values[0], abs=1e-6)
    assert values[2] == pytest.approx(values[0], abs=1e-6)


def test_labels_nobody_can_read_must_be_given(tiny: Make) -> None:
    folder = tiny(["LABEL_0", "LABEL_1"])
    with pytest.raises(ArgumentError, match=r"'LABEL_0', 'LABEL_1'.*labels="):
        TransformersScorer(folder)
    made = TransformersScorer(folder, labels={"LABEL_0": -1, "LABEL_1": 0.5}, language="en")
    share = _by_hand(folder, "good")
    assert made.score(["good"])[0][0] == pytest.approx(share @ [-1, 0.5], abs=1e-6)
    assert made.language == "en"
    other = TransformersScorer(folder, labels={"LABEL_0": 1, "LABEL_1": -1})
    assert other.version != made.version == TransformersScorer(
        folder, labels={"LABEL_0": -1, "LABEL_1": 0.5}
    ).version  # fmt: skip


def test_several_labels_at_once_share_what_they_say(tiny: Make) -> None:
    folder = tiny(["negative", "positive"], problem_type="multi_label_classification")
    value = TransformersScorer(folder).score(["good"])[0][0]
    assert -1 <= value <= 1


@pytest.mark.parametrize("path", ["/nowhere/at/all", "nlptown/some-model-on-a-hub"])
def test_what_is_no_folder_with_a_model_is_refused_and_nothing_downloaded(path: str) -> None:
    with pytest.raises(ArgumentError, match=r"config\.json.*nothing is downloaded"):
        scorer(f"transformers:{path}")


def test_a_batch_of_no_texts_is_refused(tiny: Make) -> None:
    with pytest.raises(ArgumentError, match="batch"):
        TransformersScorer(tiny(), batch=0)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (STARS, (-1, -0.5, 0, 0.5, 1)),
        (["5", "4", "3", "2", "1"], (1, 0.5, 0, -0.5, -1)),
        (["1 étoile", "2 étoiles"], (-1, 1)),
        (["NEGATIVE", "POSITIVE"], (-1, 1)),
        (["Négatif", "Neutre", "Positif"], (-1, 0, 1)),
        (
            ["Very Negative", "Negative", "Neutral", "Positive", "Very Positive"],
            (-1, -0.5, 0, 0.5, 1),
        ),
        (["neu", "pos", "neg"], (0, 1, -1)),
    ],
)
def test_labels_are_read(labels: list[str], expected: tuple[float, ...]) -> None:
    assert label_valences(labels) == expected


@pytest.mark.parametrize(
    "labels", [["joy", "anger"], ["1", "3"], ["positive", "good"], ["neutral"], ["1"], []]
)
def test_labels_that_tell_no_valence_are_not_guessed(labels: list[str]) -> None:
    with pytest.raises(ArgumentError, match="say it"):
        label_valences(labels)


@pytest.mark.parametrize("bad", [2.0, float("nan"), float("inf")])
def test_a_label_beyond_the_scale_is_refused_by_name(bad: float) -> None:
    with pytest.raises(ArgumentError, match="'anger'"):
        label_valences(["joy", "anger"], {"joy": 1, "anger": bad})
    with pytest.raises(ArgumentError, match="no valence is given for 'anger'"):
        label_valences(["joy", "anger"], {"joy": 1})


def test_vader_gives_its_own_numbers() -> None:
    pytest.importorskip("vaderSentiment", reason="extra `vader`")
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    texts = ["VADER is smart, handsome, and funny!", "not good", "It came on Monday", "", ":)"]
    frame = score_texts(texts, "vader")
    polarity = SentimentIntensityAnalyzer().polarity_scores
    assert frame["valence"].tolist() == [polarity(text)["compound"] for text in texts]
    assert frame["known"].tolist() == [True, True, False, False, True]
    assert "vader" in installed()


def test_without_vader_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vaderSentiment.vaderSentiment", None)
    vader_module._analyser.cache_clear()
    with pytest.raises(MissingExtra, match=r"cjm-widgets\[vader\]"):
        score_texts(["good"], "vader")


def test_without_transformers_their_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtra, match=r"cjm-widgets\[transformers\]"):
        scorer(f"transformers:{tmp_path}")
