"""Stages told from the words of a text: what to go by where nobody has coded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cjm_widgets.errors import ArgumentError
from cjm_widgets.model.journey import Journey, Stage
from cjm_widgets.suggest.phrases import Phrases

if TYPE_CHECKING:
    import pandas as pd


class Matcher:
    """A journey's vocabulary, ready to find the stages that texts speak of.

    A stage without a vocabulary in a language is known by its name and its touchpoints.
    A text in a language no stage has words in is matched with the words of all languages.
    A sub-stage has its own vocabulary and is given by its own key.

    Examples
    --------
    >>> matcher = Matcher(Journey.preset("six"))
    >>> matcher.stages("Checkout was easy but my parcel came broken, no refund", "en")
    (('retention', 3.0), ('purchase', 1.0))
    >>> matcher.predict(["Le panier se vide tout seul", "Bonjour"], ["fr", "fr"])
    ['purchase', None]
    """

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self._order = {stage.key: at for at, stage in enumerate(journey)}
        self._languages = sorted(
            {
                language
                for stage in journey
                for words in (stage.vocabulary, stage.touchpoints, stage.names)
                for language in words
            }
        )
        self._phrases: dict[str, Phrases] = {}

    def stages(self, text: str, language: str = "en") -> tuple[tuple[str, float], ...]:
        """The stages a text speaks of, the likeliest first.

        Parameters
        ----------
        text
            A text or a sentence.
        language
            ISO 639-1 code.

        Returns
        -------
        tuple of (str, float)
            Key of the stage, and its weight: the number of its words in the text, a phrase
            of n words counting (n + 1) / 2, a word of k stages 1 / k for each. Of equal
            stages the earlier one in the journey comes first. Empty where no word is known.
        """
        weights: dict[str, float] = {}
        for phrase, _, _ in self._of(language).found(text):
            weight = phrase.weight
            for key in phrase.stages:
                weights[key] = weights.get(key, 0.0) + weight
        if len(weights) < 2:
            return tuple(weights.items())
        order = self._order
        return tuple(sorted(weights.items(), key=lambda pair: (-pair[1], order[pair[0]])))

    def predict(
        self, texts: Iterable[str], languages: Iterable[str] | str = "en"
    ) -> list[str | None]:
        """The likeliest stage of each text; None where no word is known.

        Parameters
        ----------
        texts
            Texts or sentences.
        languages
            ISO 639-1 code of each, or one for all.
        """
        return [
            found[0][0] if (found := self.stages(text, language)) else None
            for text, language in _paired(texts, languages)
        ]

    def why(self, text: str, language: str = "en") -> pd.DataFrame:
        """The words that speak for stages.

        Returns
        -------
        pandas.DataFrame
            One row per word and stage, in the order of the text: `stage` (key), `word` (as
            it stands in the text), `start`, `stop` (code points, half open), `weight`, and
            `entry` (of the vocabulary).
        """
        import pandas as pd

        rows = [
            (key, text[hit.start : hit.stop], hit.start, hit.stop, hit.phrase.weight, entry)
            for hit in self._of(language).hits(text)
            for entry in [hit.phrase.entry]
            for key in hit.phrase.stages
        ]
        columns = ["stage", "word", "start", "stop", "weight", "entry"]
        return pd.DataFrame(rows, columns=columns).astype(
            {
                "stage": "str",
                "word": "str",
                "start": "int64",
                "stop": "int64",
                "weight": "float64",
                "entry": "str",
            }
        )

    def words(self, text: str, stage: str, language: str = "en") -> tuple[str, ...]:
        """The words that speak for one stage, each once, in the order of the text.

        As `why`, without a frame: a widget asks for every sentence it shows.
        """
        hits = self._of(language).hits(text)
        said = [text[hit.start : hit.stop] for hit in hits if stage in hit.phrase.stages]
        return tuple(dict.fromkeys(said))

    def _of(self, language: str) -> Phrases:
        phrases = self._phrases.get(language)
        if phrases is None:
            code = language.replace("_", "-").split("-")[0].lower()
            # Stages that are nothing but keys are known by these, whatever the language.
            own = (self._languages if code not in self._languages else None) or [code]
            phrases = self._phrases[language] = Phrases(
                (entry, stage.key)
                for stage in self.journey
                for spoken in own
                for entry in _entries(stage, spoken)
            )
        return phrases


def stages_of(
    journey: Journey, texts: Iterable[str], languages: Iterable[str] | str = "en"
) -> list[list[tuple[str, float]]]:
    """The stages each text speaks of, with their weights; see `Matcher.stages`."""
    matcher = Matcher(journey)
    return [list(matcher.stages(text, language)) for text, language in _paired(texts, languages)]


def _entries(stage: Stage, language: str) -> Iterable[str]:
    if words := stage.vocabulary.get(language):
        return words
    named = stage.names.get(language) or (None if stage.names else stage.key)
    return [*([_open(named)] if named else []), *map(_open, stage.touchpoints.get(language, ()))]


def _open(name: str) -> str:
    """A name that also matches its plural and other endings, unless it is very short."""
    return f"{name.rstrip('s')}*" if len(name) > 4 else name


def _paired(texts: Iterable[str], languages: Iterable[str] | str) -> Iterable[tuple[str, str]]:
    if isinstance(texts, str):
        raise ArgumentError("texts is a list of texts, not a single one; write [text]")
    if isinstance(languages, str):
        return [(text, languages) for text in texts]
    given, codes = list(texts), list(languages)
    if len(given) != len(codes):
        raise ArgumentError(f"there are {len(given)} texts but {len(codes)} languages")
    return list(zip(given, codes, strict=True))
