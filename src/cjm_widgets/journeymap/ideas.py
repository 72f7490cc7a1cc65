"""Which of a preset's typical difficulties and remedies fit a pain point, by their words.

A pain point and an idea fit when they speak of the same matter. Matters are told by the
beginnings of words, in English and French; each has words by which customers or coders name
the trouble, and words by which a remedy names its answer. An idea fits the pain point with
which it shares most: a matter named counts 2, a word in common 3.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from cjm_widgets.journeymap.quotes import words

_TABLE = """
payment paiement paye pay card carte refus refuse declin bank banque 3-d virement
> payment paiement pay paye moyens instal instalments mensualites plusieurs secure
securise

fee fees frais cost costs cout couts price prix hidden caches total expensive cher
surprise supplement
> total prix price clear clair frais cout cost quote devis guarantee transparent

account compte register inscri login password passe form formulaire long lengthy steps
etapes process checkout panier cart abandon
> one-click clic checkout prefilled preremplis fewer moins steps etapes guest invite

slow lent lente wait waiting attente late retard delay tard loading chargement reponse
answer unanswered overdue
> self-service ticketing ticket chat instant instantanee delay retard performance fast
rapide

compar offers offres difference choose choix choisir
> compar configurat calculat simulat side reviews avis demo essai trial

unclear jargon information confus incomprehensible vague description missing manque obscur
flou
> content contenu interactive interactif configurat calculat help aide guide chat

trust confiance doubt doute security securite safe fraud scam arnaque worr
> reviews avis trust confiance guarantee garantie badges secure securise trial essai

navigat find trouver ergonom menu design mobile responsive confusing bug broken site page
website pages app
> ux ergonom responsive design test tests a/b navigat page

support service help aide agent conseil call appel hotline sav rude unhelpful contact
transferred
> self-service ticketing chat support crm history historique assistant help aide

generic impersonal generique irrelevant pertinent spam newsletter newsletters email
e-mails messages
> targeted cibles personal personnalis crm audience targeting ciblage messages persona

loyalty fidelit reward recompense programme dull
> points levels niveaux loyalty fidelit community communaute churn gamif

visib search recherche google found introuvable seo unknown
> seo search recherche targeting ciblage content contenu referencement

ads ad pub publicite advert annonce retarget targeted mislead trompeu promis
> targeting ciblage audience content contenu persona

review reviews avis recommend recommand opinion share partage incentive incitation
> review reviews avis referral parrainage ambassad sharing partage
"""
"""A matter a paragraph: words of the trouble, ``>``, words of its answers."""
_MATTERS = tuple(
    tuple(part.split() for part in paragraph.split(">")) for paragraph in _TABLE.split("\n\n")
)
_EMPTY = frozenset({"points", "point"})
"""Words that pain points and ideas may share without meaning the same."""
_LEAST = 2


def _starts(found: Iterable[str], stems: Sequence[str]) -> bool:
    return any(
        word == stem or (len(stem) > 3 and word.startswith(stem))
        for word in found
        for stem in stems
    )


def _plain(text: str) -> list[str]:
    """Every word, short ones too; `words` leaves out what says little elsewhere."""
    short = re.findall(r"\b(?:ux|seo|ads?|pub|fees?|pay|app|bug|a/b|crm)\b", text.casefold())
    return [*words(text), *short]


@functools.lru_cache(maxsize=4_096)
def likeness(pain: str, idea: str) -> int:
    """How much a pain point and an idea have in common; 0 for nothing.

    >>> likeness("payment fails", "several payment means") > 0
    True
    >>> likeness("payment fails", "newsletter")
    0
    """
    trouble, answer = _plain(pain), _plain(idea)
    matters = sum(
        2 for told, helps in _MATTERS if _starts(trouble, told) and _starts(answer, helps)
    )
    return matters + 3 * len((set(trouble) & set(answer)) - _EMPTY)


def fitting(pains: Sequence[str], ideas: Sequence[str], most: int = 1) -> dict[str, list[str]]:
    """Pain point to the ideas that fit it best, each idea beside one pain point only.

    Parameters
    ----------
    pains
        Names of pain points, the most frequent first.
    ideas
        Remedies that the journey offers.
    most
        Ideas beside one pain point.
    """
    pairs = [
        (-likeness(pain, idea), place, rank, pain, idea)
        for place, pain in enumerate(pains)
        for rank, idea in enumerate(ideas)
    ]
    made: dict[str, list[str]] = {}
    used: set[str] = set()
    for score, _, _, pain, idea in sorted(pairs):
        if -score >= _LEAST and idea not in used and len(made.get(pain, ())) < most:
            made.setdefault(pain, []).append(idea)
            used.add(idea)
    return made
