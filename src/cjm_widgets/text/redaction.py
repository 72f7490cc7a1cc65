"""Personal data in a text, replaced by what it was: ``[e-mail]``, ``[phone]`` …

Each pattern is bounded, so the whole is linear. Numbers count as personal only when they
check out (card numbers by Luhn's rule, IBANs by theirs) or are written as telephone
numbers are; order numbers, prices and dates stay.
"""

from __future__ import annotations

import re

from cjm_widgets.words import say

_MAIL = re.compile(
    r"(?<![\w.+\-])[\w.+%\-]{1,64}(?:@|\s?\[at\]\s?|\s?\(at\)\s?)"
    r"(?:[\w\-]{1,63}\.){1,5}[^\W\d_]{2,24}(?![\w\-])"
)
# In an address, all after "?" or "#" may name a person, so may a user before "@".
_URL = re.compile(r"(?:(?:https?|ftp)://|(?<![\w.])www\.)[^\s<>\"'»”]{1,2000}", re.IGNORECASE)
_IBAN = re.compile(
    r"(?<!\w)[A-Z]{2}\d{2}(?:[ \u00a0\u202f\-]?[A-Z0-9]){11,30}(?!\w)", re.IGNORECASE | re.ASCII
)
_CARD = re.compile(
    r"(?<![\w.,\-])(?:\d{4}([ \u00a0\u202f\-]?)\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?"
    r"|\d{4}([ \u00a0\u202f\-]?)\d{6}\2\d{5}|\d{13,19})(?![\w\-]|[.,]\d)"
)
_GAP = r"[ \u00a0\u202f.\-/]{0,2}"
_PHONE = re.compile(
    rf"(?<![\w+.,\-/#°\]])(?:"
    rf"(?:\+|00)[1-9]\d{{0,2}}{_GAP}(?:\(\d{{1,4}}\){_GAP})?\d(?:{_GAP}\d){{6,11}}"  # +33 (0)6…
    rf"|0[1-9](?:[ \u00a0\u202f.\-]\d\d){{4}}"  # French, in pairs
    rf"|0[1-9]\d{{8}}"  # French or British, run together
    rf"|0\d{{2}}[ \u00a0\-]\d{{4}}[ \u00a0\-]\d{{4}}"  # 020 7946 0958
    rf"|0\d{{3}}[ \u00a0\-]\d{{3}}[ \u00a0\-]?\d{{3,4}}"  # 0161 496 0000
    rf"|0\d{{4}}[ \u00a0\-]\d{{3}}[ \u00a0\-]?\d{{3}}"  # 07700 900 123, 01632 960 001
    rf"|0\d{{4}}[ \u00a0\-]\d{{6}}|07\d{{9}}|0[1238]\d{{9}}"
    rf"|\(0\d{{2,4}}\)[ \u00a0]?\d{{3,4}}[ \u00a0\-]?\d{{3,4}}"  # (0161) 496 0000
    rf"|(?:\(\d{{3}}\)[ \u00a0]?|\d{{3}}[\-. \u00a0])\d{{3}}[\-.]\d{{4}}"  # 555-867-5309
    rf")(?![\w]|[.,\-/]\d)"
)
# A run of digits right after these is a number of something, not of somebody.
_NAMED = re.compile(
    r"(?:n[°ºo]\.?|num[ée]ro|number|no\.|#|ref\.?|réf\.?|référence|reference|order|commande|"
    r"ticket|dossier|facture|invoice|suivi|tracking|colis|article|isbn|ean|siret|siren)"
    r"(?:\s+(?:n[°ºo]\.?|no\.|number|num[ée]ro|is|est))?\s*:?\s*$",
    re.IGNORECASE,
)
_CALLS = re.compile(
    r"(?:phone|telephone|t[ée]l(?:[ée]phone)?\.?|mobile|portable|call|appel\w*|ring|whatsapp|sms)",
    re.IGNORECASE,
)


def redact(text: str, language: str = "en") -> str:
    """A text in which personal data is replaced by what it was.

    E-mail addresses, telephone numbers (international, French, British, North American),
    card numbers, IBANs, and in web addresses the user, the query and the fragment. Names
    of people are not found: no rule can tell them from other words.

    Parameters
    ----------
    text
        Any text.
    language
        Language of the words in brackets: ``"en"`` or ``"fr"``.

    Examples
    --------
    >>> redact("Write to ana@example.org or ring +44 20 7946 0958, order 4512784.")
    'Write to [e-mail] or ring [phone], order 4512784.'
    >>> redact("Rappelez-moi au 01 23 45 67 89.", "fr")
    'Rappelez-moi au [téléphone].'
    """

    def marked(what: str) -> str:
        return f"[{say(f'text.redacted.{what}', language)}]"

    text = _URL.sub(lambda match: _address(match[0], marked("address")), text)
    text = _MAIL.sub(marked("email"), text)
    text = _IBAN.sub(lambda match: _iban(match[0], marked("iban")), text)
    text = _CARD.sub(lambda match: _card(match, marked("card")), text)
    return _PHONE.sub(lambda match: _phone(match, marked("phone")), text)


def _address(found: str, hidden: str) -> str:
    """A web address without what may name a person."""
    scheme, mark, rest = found.partition("://")
    if not mark:
        scheme, rest = "", found
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in host:
        rest = rest[host.rindex("@") + 1 :]
    cut = re.search(r"[?#](?=.)", rest)
    shown = "" if cut is None else rest[cut.end() :]
    if cut is None or shown.startswith(hidden) or not shown.strip(".,;:!?)…"):
        return scheme + mark + rest
    tail = re.search(r"[.,;:!?)\]…]*$", rest)
    return scheme + mark + rest[: cut.end()] + hidden + (tail[0] if tail else "")


def _digits(text: str) -> list[int]:
    return [int(c) for c in text if "0" <= c <= "9"]


def _is_card(text: str) -> bool:
    """Luhn's rule, and one of the first digits that card issuers have."""
    digits = _digits(text)
    if digits[0] not in (2, 3, 4, 5, 6) or len(set(digits)) == 1:
        return False
    doubled = [d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _card(match: re.Match[str], hidden: str) -> str:
    found = match[0]
    if not _is_card(found) or (found.isdigit() and _is_named(match)):
        return found
    return hidden


def _iban(found: str, hidden: str) -> str:
    """What is an IBAN at the beginning of `found` hidden; words in capitals may follow it."""
    cuts = [len(found), *(at for at in range(len(found) - 1, 14, -1) if not found[at].isalnum())]
    for cut in cuts:
        if _is_iban(found[:cut]):
            return hidden + found[cut:]
    return found


def _is_iban(text: str) -> bool:
    """ISO 13616: the first four characters moved to the end, letters as 10…35, modulo 97 is 1."""
    plain = re.sub(r"[^A-Z0-9]", "", text.upper())
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def _is_named(match: re.Match[str]) -> bool:
    """Whether the words before say that it is the number of something, not of somebody."""
    before = match.string[max(0, match.start() - 32) : match.start()]
    return bool(_NAMED.search(before)) and not _CALLS.search(before)


def _phone(match: re.Match[str], hidden: str) -> str:
    return match[0] if _is_named(match) else hidden
