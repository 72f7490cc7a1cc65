"""What the names of KPIs and of table columns say, in English and French."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cjm_widgets.measure.kpis.periods import plain_text
from cjm_widgets.model.kpi import Direction

COLUMNS: dict[str, tuple[str, ...]] = {
    "kpi": ("kpi", "indicateur", "indicator", "metric", "metrique", "measure", "mesure", "name",
            "nom"),
    "stage": ("stage", "etape", "phase", "step"),
    "segment": ("segment", "persona", "group", "groupe"),
    "at": ("at", "date", "period", "periode", "quarter", "trimestre", "month", "mois", "week",
           "semaine", "day", "jour", "year", "annee"),
    "value": ("value", "valeur", "result", "resultat", "figure", "score"),
    "n": ("n", "base", "sample size", "sample", "effectif", "count", "responses", "reponses",
          "observations"),
    "low": ("low", "lower", "ci low", "lower bound", "bas", "borne basse", "borne inferieure"),
    "high": ("high", "upper", "ci high", "upper bound", "haut", "borne haute",
             "borne superieure"),
    "unit": ("unit", "unite"),
    "target": ("target", "cible", "objectif", "goal"),
    "promoters": ("promoters", "promoter", "promoteurs", "promoteur"),
    "passives": ("passives", "passive", "neutrals", "passifs", "passif", "neutres"),
    "detractors": ("detractors", "detractor", "detracteurs", "detracteur"),
    "direction": ("direction", "sens", "good is", "better", "polarity", "polarite"),
}  # fmt: skip
"""Names a column of a KPI table may have, the likeliest first."""

RATINGS: dict[str, tuple[str, ...]] = {
    "nps": ("nps", "net promoter score", "nps score", "score nps", "note nps", "recommend",
            "recommendation", "would recommend", "likelihood to recommend", "recommandation",
            "note de recommandation", "probabilite de recommandation"),
    "csat": ("csat", "customer satisfaction", "satisfaction", "overall satisfaction",
             "satisfaction score", "csat score", "score csat", "satisfaction client",
             "satisfaction globale", "note de satisfaction", "note csat"),
    "ces": ("ces", "customer effort score", "ces score", "score ces", "note ces", "effort score",
            "effort client", "facilite", "ease"),
}  # fmt: skip
"""Names a column of ratings may have."""

_WHOLE = frozenset(
    ("", "-", "–", "—", "*", "all", "total", "overall", "journey", "whole journey", "global",
     "tous", "toutes", "ensemble", "parcours", "tout le parcours", "n/a", "na")
)  # fmt: skip
_UP = frozenset(
    ("up", "higher", "high", "more", "increase", "maximise", "maximize", "hausse", "plus", "haut",
     "monter", "augmenter", "↑", "↗", "▲")
)  # fmt: skip
_DOWN = frozenset(
    ("down", "lower", "low", "less", "decrease", "minimise", "minimize", "baisse", "moins", "bas",
     "descendre", "diminuer", "reduire", "↓", "↘", "▼")
)  # fmt: skip

_FALL_IS_GOOD = re.compile(
    r"\b(?:churn|attrition|abandon\w*|bounce\w*|rebond|unsubscri\w*|desabonne\w*|complain\w*|"
    r"reclamations?|plaintes?|wait\w*|attente|delays?|delais?|latency|latence|lead time|"
    r"costs?|couts?|cac|errors?|erreurs?|fail\w*|echecs?|defects?|defauts?|refunds?|"
    r"remboursements?|returns?|retours?|escalations?|escalades?|detractors?|detracteurs?|"
    r"dissatisf\w*|insatisf\w*|unresolved|backlog|effort|exit rate|taux de sortie|"
    r"(?:response|resolution|handling|handle|load\w*|delivery|processing|cycle) times?|"
    r"time to|(?:temps|duree) (?:de|d')|no.?shows?|downtime|outages?|pannes?|incidents?)\b"
)
_RISE_IS_GOOD = re.compile(
    r"\b(?:effort score|return on|retour sur|on.time|delais? (?:respecte|tenu)\w*|recover\w*|"
    r"cost saving\w*|temps (?:de visite|de lecture))\b|\bces\b|(?:without|sans|zero) \w+"
)


def direction_of(name: str) -> Direction:
    """Which way is good for a KPI of this name; ``"up"`` where the name does not tell.

    Examples
    --------
    >>> direction_of("Cart abandonment rate"), direction_of("Taux de rétention")
    ('down', 'up')
    """
    plain = plain_text(name)
    falls = _FALL_IS_GOOD.search(plain) and not _RISE_IS_GOOD.search(plain)
    return "down" if falls else "up"


def said_direction(word: str) -> Direction | None:
    """The direction a cell of a table states; None where it states none that is known."""
    plain = plain_text(word)
    return "up" if plain in _UP else "down" if plain in _DOWN else None


def is_whole_journey(word: str) -> bool:
    """Whether a cell of a table's stage column means the whole journey."""
    return plain_text(word) in _WHOLE


def is_nps(name: str) -> bool:
    """Whether a KPI of this name is a Net Promoter Score."""
    return re.search(r"\bnps\b|\bnet promoter\b", plain_text(name)) is not None


def is_ces(name: str) -> bool:
    """Whether a KPI of this name is a Customer Effort Score, as a mean on 1–7."""
    return plain_text(name) in ("ces", "customer effort score")


def match(names: Iterable[object], synonyms: tuple[str, ...]) -> str | None:
    """The first of the names that is one of the synonyms, by the order of the synonyms."""
    plain: dict[str, str] = {}
    for name in names:
        words = re.sub(r"[\W_]+", " ", plain_text(str(name))).strip()
        plain.setdefault(words, str(name))
    return next((plain[word] for word in synonyms if word in plain), None)
