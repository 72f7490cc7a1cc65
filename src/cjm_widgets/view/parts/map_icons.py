"""Small drawings for touchpoints and channels, chosen by the words of their names."""

from __future__ import annotations

import functools

from markupsafe import Markup

from cjm_widgets.journeymap.quotes import words

# Strokes in a box of 16 by 16.
_STROKES = {
    "web": "M2 3h12v10H2zM2 6h12M4 4.5h.1M6 4.5h.1",
    "search": "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5 14 14",
    "ad": "M2.5 6.5v3h2l6 3.5V3l-6 3.5zM13 6v4",
    "social": "M4 8a1.8 1.8 0 1 0 .01 0M12 4a1.8 1.8 0 1 0 .01 0M12 12a1.8 1.8 0 1 0 .01 0"
    "M5.6 8.6l4.9-2.4M5.6 10.4l4.9 2.6",
    "mail": "M2 4h12v8.5H2zM2 4.5l6 4.5 6-4.5",
    "phone": "M4.5 2.5 3 4c0 5 4 9 9 9l1.5-1.5-2.7-2.2-1.6 1.2C7.5 9.6 6.3 8.4 5.5 6.8L6.7 5.2z",
    "chat": "M2.5 3h11v7.5H8L5 13v-2.5H2.5z",
    "shop": "M3 7v6.5h10V7M2 3h12l-.5 4H2.5zM6.5 13.5v-4h3v4",
    "cart": "M1.5 3h2l1.6 7h7.2l1.7-5H4.2M6 13a.8.8 0 1 0 .01 0M11.5 13a.8.8 0 1 0 .01 0",
    "card": "M1.5 4h13v8.5h-13zM1.5 7h13M4 10h3",
    "truck": "M1.5 4h8v7h-8zM9.5 6.5h3l2 2.3V11h-5M4 11.2a1.3 1.3 0 1 0 .01 0"
    "M11.5 11.2a1.3 1.3 0 1 0 .01 0",
    "star": "M8 2l1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4 4.3 13.5l.8-4.2L2 6.4l4.2-.5z",
    "person": "M8 2.5a2.6 2.6 0 1 0 .01 0M3 13.5c.4-3 2.4-4.3 5-4.3s4.6 1.3 5 4.3",
    "form": "M3.5 2h9v12h-9zM5.5 5h5M5.5 8h5M5.5 11h3",
    "mobile": "M5 1.8h6v12.4H5zM7.3 12h1.4",
    "news": "M2.5 3h9v10h-9zM11.5 6h2v7h-2M4.5 5.5h5M4.5 8h5M4.5 10.5h3",
    "gift": "M2.5 6h11v3h-11zM3.5 9v4.5h9V9M8 6v7.5M8 6C5 6 4.5 2.5 6.5 2.5 7.8 2.5 8 5 8 6"
    "c0-1 .2-3.5 1.5-3.5C11.5 2.5 11 6 8 6",
    "spot": "M8 14s4.5-4.3 4.5-7.7a4.5 4.5 0 0 0-9 0C3.5 9.7 8 14 8 14zM8 4.7a1.6 1.6 0 1 0 .01 0",
}
# Beginnings of words, the more telling first.
_WORDS = {
    "search": "search seo google recherche moteur",
    "ad": "ads ad advert annonce pub publicite banner campaign campagne discovery",
    "social": "social sociaux facebook instagram linkedin tiktok community communaute forum",
    "chat": "chat messag whatsapp sms bot",
    "mail": "mail e-mail email newsletter courriel courrier letter",
    "mobile": "app mobile appli smartphone",
    "phone": "call phone telephone tel hotline centre center appel",
    "cart": "cart basket panier checkout order commande",
    "card": "pay paiement payment card carte invoice facture billing quote devis",
    "truck": "deliver livraison parcel colis courier transport shipping pick",
    "star": "review avis rating note testimonial temoignage case",
    "shop": "store shop magasin boutique counter agence branch retail point",
    "person": "interview support service advis conseil agent sales vendeur staff person "
    "demo webinar referral parrainage",
    "form": "survey form questionnaire enquete formulaire ticket account compte return retour",
    "news": "blog press presse article magazine news catalog comparison comparatif guide",
    "gift": "loyalty fidelit gift cadeau promo offer offre voucher programme",
    "web": "web site page landing online ligne",
}


@functools.lru_cache(maxsize=2000)
def icon(name: str) -> Markup:
    """The drawing for a touchpoint or channel, as SVG that says nothing to screen readers.

    >>> 'svg' in icon("E-mail"), icon("e-mail") == icon("newsletter")
    (True, True)
    """
    stroke = _STROKES[kind(name)]
    return Markup(
        '<svg class="icon" width="13" height="13" viewBox="0 0 16 16" aria-hidden="true" '
        'fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" '
        'stroke-linejoin="round"><path d="{}"/></svg>'
    ).format(stroke)


def kind(name: str) -> str:
    """Which drawing fits a name: that of the first of its words that tells; ``spot`` for none.

    >>> kind("Centre d’appels"), kind("payment page"), kind("xyz")
    ('phone', 'card', 'spot')
    """
    plain = name.casefold().replace("-", "").replace("’", " ")
    found = [*words(plain), *plain.split()]
    for word in found:
        for what, stems in _WORDS.items():
            if any(word == s or (len(s) > 2 and word.startswith(s)) for s in stems.split()):
                return what
    return "spot"
