"""What columns are called, in English and French, by what they hold."""

from __future__ import annotations

import re
import unicodedata

TEXT = (
    "text|texte|comment|comments|commentaire|commentaires|verbatim|verbatims|feedback|avis|"
    "review|reviews|reponse libre|commentaire libre|free text|open text|review text|"
    "review content|feedback text|comment text|texte de l avis|votre avis|votre commentaire|"
    "comment body|message body|plain body|body plain|source body|ticket description|remarque|"
    "remarques|remark|remarks|open answer|open response|reponse ouverte|message|body|"
    "description|answer|reponse|response|content|contenu|utterance|transcript"
)
ID = (
    "id|response id|record id|feedback id|comment id|review id|ticket id|answer id|text id|uid|"
    "uuid|guid|identifiant|id reponse|id avis|id commentaire|identifiant reponse|"
    "identifiant avis|submission id|response token|conversation id|case id|message id|"
    "ticket number|case number|n|no|nr|numero|num|ref|reference"
)
RESPONDENT = (
    "respondent|respondent id|repondant|id repondant|identifiant repondant|customer|customer id|"
    "client|client id|id client|identifiant client|numero client|n client|user|user id|"
    "participant|participant id|id participant|panelist|panelist id|member id|contact id|"
    "person|person id|personne|source author id|author id|author|auteur|reviewer id|reviewer|"
    "requester id|requester|demandeur|consumer id|username|user name|review username|pseudo|"
    "email address|email|e mail|requester email|customer email|adresse e mail|adresse email|"
    "adresse mail|adresse de messagerie|courriel"
)
AT = (
    "at|date|date time|datetime|timestamp|horodateur|horodatage|recorded date|response date|"
    "submitted at|submission date|date submitted|submit date|completion time|heure de fin|"
    "created at|created on|created|date created|creation date|review date|"
    "review submit date and time|review created|review created at|published at|"
    "published date|date published|posted at|date posted|date de publication|"
    "survey date|feedback date|comment date|date reponse|date de reponse|date de la reponse|"
    "date avis|date de l avis|date commentaire|date de creation|date creation|"
    "date de soumission|date d envoi|date enquete|date de l enquete|end date|start date|"
    "date de fin|date de debut|start time|heure de debut|day|jour"
)
CHANNEL = (
    "channel|canal|contact channel|feedback channel|canal de contact|canal de collecte|via|"
    "via channel"
)
TOUCHPOINT = (
    "touchpoint|touch point|contact point|point de contact|points de contact|moment de contact"
)
LANGUAGE = (
    "language|lang|langue|locale|user language|response language|reviewer language|"
    "review language|language code|langue de reponse|langue de l avis"
)
STAGE = "stage|etape|journey stage|etape du parcours|etape parcours"

_STRONG = re.compile(
    r"\b(comments?|commentaires?|verbatims?|feedback|avis|reviews?|remarques?|text|texte|"
    r"free|open|libre|ouverte)\b"
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def _list(names: str) -> tuple[str, ...]:
    return tuple(names.split("|"))


ROLES: dict[str, tuple[str, ...]] = {
    "text": _list(TEXT),
    "id": _list(ID),
    "respondent": _list(RESPONDENT),
    "at": _list(AT),
    "channel": _list(CHANNEL),
    "touchpoint": _list(TOUCHPOINT),
    "language": _list(LANGUAGE),
    "stage": _list(STAGE),
}
"""Role → names of its column, the surest first, as `plain` gives them."""


def plain(name: str) -> str:
    """A name without case, accents, signs and camel humps.

    Examples
    --------
    >>> plain("ResponseId"), plain("Réponse libre :"), plain("user_language")
    ('response id', 'reponse libre', 'user language')
    """
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(one for one in text if not unicodedata.combining(one))
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


def short(name: str) -> str:
    """A name as `plain` gives it, without remarks in brackets: a zone, a unit, a scale.

    Examples
    --------
    >>> short("Submit Date (UTC)"), short("#"), short("(comment)")
    ('submit date', 'no', 'comment')
    """
    if name.strip() in ("#", "№"):
        return "no"
    return plain(_BRACKETS.sub(" ", name)) or plain(name)


def sounds_like_text(name: str) -> bool:
    """Whether one of a column's words says that people wrote in it."""
    return bool(_STRONG.search(plain(name)))
