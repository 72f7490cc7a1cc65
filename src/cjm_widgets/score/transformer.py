"""A classifier of transformers, from a folder on this machine, as a scorer."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cjm_widgets._optional import need
from cjm_widgets.errors import ArgumentError
from cjm_widgets.score.labels import label_valences

if TYPE_CHECKING:
    from cjm_widgets.score.protocol import Flags, Valences

PREFIX = "transformers:"
"""Before the folder, where a scorer is named by a text."""
EXTRA = "transformers"
_LONGEST = 512
"""Tokens read where neither tokenizer nor model sets a limit."""
_LETTERS = 16
"""Letters a token has at most, nearly always; what is beyond cannot be read anyway."""


class TransformersScorer:
    """A model for the classification of texts, saved with `save_pretrained`.

    It is loaded from the folder alone, on the CPU, when the first text is scored: nothing is
    downloaded and no code that lies in the folder is run. Needs the extra `transformers`.

    Parameters
    ----------
    path
        Folder with config.json, the weights and the tokenizer.
    labels
        Label of the model to valence, −1…1. None reads the labels: stars (the fewest −1, the
        most 1), or positive, negative and neutral.
    language
        ISO 639-1 code of the texts it is made for; empty for any.
    batch
        Texts computed at once; more need more memory.
    name
        Scores are stored under it; by default ``transformers:`` and the name of the folder.

    Raises
    ------
    ArgumentError
        If the folder holds no model, or its labels tell no valence.
    MissingExtra
        If transformers or torch are not installed.

    Notes
    -----
    The valence is the mean of the labels' valences, weighted by their probabilities. Of a
    text longer than the model can take only the beginning is read. An empty text is not known.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        labels: Mapping[str, float] | None = None,
        language: str = "",
        batch: int = 32,
        name: str | None = None,
    ) -> None:
        self.path = Path(path).expanduser().resolve()
        if not (self.path / "config.json").is_file():
            raise ArgumentError(
                f"{str(path)!r} is no folder with a model: config.json is missing. Give the "
                f"folder on this machine that the model was saved to; nothing is downloaded"
            )
        if batch < 1:
            raise ArgumentError(f"batch is the number of texts computed at once, not {batch!r}")
        need("torch", EXTRA)
        config = need("transformers", EXTRA).AutoConfig.from_pretrained(
            self.path, local_files_only=True
        )
        named = [str(config.id2label[number]) for number in range(config.num_labels)]
        self.valences = label_valences(named, labels)
        self.name = name or PREFIX + self.path.name
        self.language = language
        self.batch = batch

    @functools.cached_property
    def version(self) -> str:
        """Digest of the folder and of what the labels mean."""
        digest = hashlib.sha256(repr(self.valences).encode())
        for file in sorted(self.path.iterdir()):
            if file.is_file():
                with file.open("rb") as stream:
                    digest.update(file.name.encode())
                    digest.update(hashlib.file_digest(stream, "sha256").digest())
        return digest.hexdigest()[:12]

    def score(self, texts: Sequence[str]) -> tuple[Valences, Flags]:
        """Expected valence of each text; one without any word or sign is not known."""
        known = np.fromiter((bool(text.strip()) for text in texts), np.bool_, len(texts))
        valence = np.zeros(len(texts))
        there = np.flatnonzero(known)
        # Texts of like length together: the short ones are not padded to the longest.
        order = sorted(there.tolist(), key=lambda at: len(texts[at]))
        size = self.batch if self._tokenizer.pad_token is not None else 1
        for begin in range(0, len(order), size):
            part = order[begin : begin + size]
            valence[part] = self._valences([texts[at] for at in part])
        return valence, known

    def _valences(self, texts: list[str]) -> Valences:
        import torch

        given = self._tokenizer(
            [text[: self._most * _LETTERS] for text in texts],
            truncation=True,
            max_length=self._most,
            padding=len(texts) > 1,
            return_tensors="pt",
        )
        with torch.inference_mode():
            logits = self._model(**given).logits.double()
        several = self._model.config.problem_type == "multi_label_classification"
        share = torch.sigmoid(logits) if several else torch.softmax(logits, dim=-1)
        share = share / share.sum(dim=-1, keepdim=True)
        found: Valences = (share.numpy() @ np.array(self.valences)).clip(-1.0, 1.0)
        return found

    @functools.cached_property
    def _tokenizer(self) -> Any:
        auto = need("transformers", EXTRA).AutoTokenizer
        return auto.from_pretrained(self.path, local_files_only=True)

    @functools.cached_property
    def _model(self) -> Any:
        auto = need("transformers", EXTRA).AutoModelForSequenceClassification
        return auto.from_pretrained(self.path, local_files_only=True).to("cpu").eval()

    @functools.cached_property
    def _most(self) -> int:
        """Tokens the model can take."""
        config = self._model.config
        places = getattr(config, "max_position_embeddings", None) or _LONGEST
        # Models of RoBERTa's kind count places from the one after the padding token's.
        if config.model_type in ("roberta", "xlm-roberta", "camembert"):
            places -= (config.pad_token_id or 0) + 1
        return int(min(places, self._tokenizer.model_max_length))
