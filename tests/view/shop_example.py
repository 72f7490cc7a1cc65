"""An online shop with six stages: realistic facts for the pictures and the tests."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cjm_widgets.journeymap import JourneyMap, build
from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.journey import Journey, Stage

SHOP = [
    (
        "discovery",
        "Discovery",
        "Découverte",
        "Find an offer that fits",
        "Trouver une offre qui convient",
    ),
    (
        "consideration",
        "Consideration",
        "Considération",
        "Understand what differs",
        "Comprendre les différences",
    ),
    ("decision", "Decision", "Décision", "Be sure before paying", "Être sûr avant de payer"),
    ("purchase", "Purchase", "Achat", "Pay in one go", "Payer en une fois"),
    (
        "use",
        "Use and service",
        "Usage et service",
        "Get it working, get help",
        "Se servir du produit, être aidé",
    ),
    ("advocacy", "Advocacy", "Recommandation", "Tell others, buy again", "En parler, racheter"),
    ("delivery", "Delivery", "Livraison", "Know when it comes", "Savoir quand il arrive"),
    ("returns", "Returns", "Retours", "Send it back without a fight", "Renvoyer sans se battre"),
    ("billing", "Billing", "Facturation", "Understand the invoice", "Comprendre la facture"),
    ("renewal", "Renewal", "Renouvellement", "Not be surprised", "Ne pas être surpris"),
    ("upgrade", "Upgrade", "Montée en gamme", "Know what it brings", "Savoir ce que cela apporte"),
    ("community", "Community", "Communauté", "Meet other customers", "Rencontrer d’autres clients"),
    ("complaint", "Complaint", "Réclamation", "Be heard", "Être entendu"),
    ("farewell", "Leaving", "Départ", "Leave without a fee", "Partir sans frais"),
]
FIGURES = [
    (96, 61, -0.24, -0.33, -0.15, False),
    (141, 88, 0.35, 0.28, 0.42, False),
    (9, 7, 0.06, -0.30, 0.42, False),
    (169, 104, -0.61, -0.68, -0.54, True),
    (231, 140, 0.26, 0.19, 0.33, False),
    (0, 0, None, None, None, False),
    (88, 52, 0.71, 0.62, 0.80, False),
    (34, 22, -0.85, -0.97, -0.73, True),
    (52, 31, 0.10, -0.02, 0.22, False),
    (8, 5, 0.92, 0.60, 1.0, False),
    (61, 40, -0.95, -1.0, -0.86, False),
    (44, 27, 0.02, -0.10, 0.14, False),
    (38, 21, -0.40, -0.58, -0.22, False),
    (29, 17, 0.48, 0.25, 0.71, False),
]
QUOTES = {
    "discovery": [
        ("impossible de comparer les offres", -0.5, "R-041", "call", "fr"),
        (
            "The ad promised free delivery and the site knew nothing about it.",
            -0.5,
            "R-012",
            "survey",
            "en",
        ),
        (
            "Found you through a search for linen lampshades, third result, exactly right.",
            0.5,
            "R-013",
            "survey",
            "en",
        ),
        (
            "I could not compare the offers side by side, so I opened four tabs.",
            -0.5,
            "R-066",
            "survey",
            "en",
        ),
    ],
    "consideration": [
        ("le comparatif était clair", 0.5, "R-042", "interview", "fr"),
        ("The size guide answered my question before I asked it.", 0.5, "R-019", "survey", "en"),
        ("Too much jargon on the product page.", -0.5, "R-023", "survey", "en"),
    ],
    "decision": [
        ("j'ai demandé deux devis", 0.0, "R-118", "interview", "fr"),
        ("Delivery costs appeared on the very last page.", -0.5, "R-090", "survey", "en"),
    ],
    "purchase": [
        ("le paiement a échoué trois fois", -1.0, "R-042", "interview", "fr"),
        (
            "The payment page failed three times and then charged me twice. Nobody rang back.",
            -1.0,
            "R-077",
            "survey",
            "en",
        ),
        ("Why must I open an account to buy one tin opener?", -0.5, "R-001", "survey", "en"),
        ("Card refused, no reason given, basket gone.", -1.0, "R-081", "chat", "en"),
        ("Two clicks and it was paid.", 0.5, "R-033", "survey", "en"),
    ],
    "use": [
        ("support answered in ten minutes", 0.5, "R-043", "e-mail", "en"),
        (
            "Commande passée lundi, reçue mercredi. Rien à redire, comme d'habitude.",
            1.0,
            "R-002",
            "survey",
            "fr",
        ),
        ("The courier said I was absent. I was home all day!", -0.5, "R-054", "call", "en"),
    ],
}
PAINS = {
    "discovery": [("cannot-compare", 22)],
    "consideration": [("jargon", 9)],
    "decision": [("hidden-fees", 3)],
    "purchase": [("payment-fails", 54), ("forced-account", 31), ("hidden-fees", 12)],
    "use": [("late-delivery", 19)],
}
CODES = Codebook(
    (
        Code("cannot-compare", "cannot compare", "pain"),
        Code("jargon", "jargon", "pain"),
        Code("hidden-fees", "hidden fees", "pain"),
        Code("payment-fails", "payment fails", "pain"),
        Code("forced-account", "forced account", "pain"),
        Code("late-delivery", "late delivery", "pain"),
        Code("guest-checkout", "guest checkout", "opportunity"),
    )
)
PLACES = {
    "discovery": [("search", 41), ("ads", 22), ("blog", 9)],
    "consideration": [("website", 98), ("comparison", 21)],
    "decision": [("quote", 5), ("reviews", 4)],
    "purchase": [("cart", 61), ("payment page", 84)],
    "use": [("delivery", 120), ("call centre", 44)],
}
KPI = [
    ("NPS", None, "points", "up", 25, [18, 19, 15, 21], 7, 412),
    ("CSAT", None, "%", "up", 82, [81, 80, 80, 78], 4, 398),
    ("Effort (CES, 1–7)", None, "", "up", 5.5, [4.9, 4.9, 5.0, 4.9], 0.2, 377),
    ("Conversion", None, "%", "up", 3.5, [2.9, 2.9, 3.1, 3.4], 0.2, 48200),
    ("Cart abandonment", "purchase", "%", "down", 62, [64, 66, 67, 71], 1, 5630),
    ("Lifetime value", None, "EUR", "up", None, [170, 171, 175, 184], 8, 1904),
    ("Bounce rate", "consideration", "%", "down", None, [44, 43, 42, 41], 2, 9000),
    ("Solved at first contact", "use", "%", "up", 85, [78, 80, 81, 83], 3, 640),
    ("Referrals", "advocacy", "%", "up", None, [5, 5, 6, 6], 1, 1200),
]
QUARTERS = pd.to_datetime(["2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01"])
NOTES = [
    ("discovery", "backstage", "Marketing · SEO suite"),
    ("consideration", "backstage", "Web team · CMS"),
    ("decision", "backstage", "Sales · CRM"),
    ("purchase", "backstage", "Payments · PSP, 3-D Secure"),
    ("use", "backstage", "Support · ticketing"),
    ("advocacy", "backstage", "Loyalty · CRM"),
    ("discovery", "opportunities", "Side-by-side offers"),
    ("decision", "opportunities", "All-in price early"),
    ("purchase", "opportunities", "Guest checkout, retry payment"),
    ("use", "opportunities", "Delay warnings"),
    ("purchase", "actions", "Fills the form, looks for the voucher, pays"),
    ("decision", "actions", "Asks a friend"),
]


def journey(count: int = 6, names: dict[str, str] | None = None) -> Journey:
    """The first stages of the shop."""
    remedies = {
        "en": ("interactive comparison", "instant chat help"),
        "fr": ("comparatif interactif", "aide par chat"),
    }
    referral = {"en": ("referral programme",), "fr": ("programme de parrainage",)}
    made = [
        Stage(
            key,
            {"en": (names or {}).get(key, en), "fr": (names or {}).get(key, fr)},
            goal={"en": goal, "fr": but},
            remedies=referral if key == "advocacy" else remedies,
        )
        for key, en, fr, goal, but in SHOP[:count]
    ]
    return Journey("shop", tuple(made), {"en": "Buying online", "fr": "Parcours d’achat en ligne"})


def curve(count: int = 6, evidence: bool = True) -> pd.DataFrame:
    rows = []
    for (key, *_), (n, people, mean, low, high, apart) in zip(
        SHOP[:count], FIGURES[:count], strict=True
    ):
        known = evidence and mean is not None
        negative = 0.5 - (mean or 0) / 2.2 if known else None
        rows.append(
            {
                "stage": key,
                "n": n if known else 0,
                "respondents": people if known else 0,
                "mean": mean if known else float("nan"),
                "low": low if known else float("nan"),
                "high": high if known else float("nan"),
                "share_negative": negative if known else float("nan"),
                "share_neutral": 0.04 if known else float("nan"),
                "share_positive": 0.96 - negative if known else float("nan"),
                "unknown": 0.0,
                "predicted": 0.0,
                "largest": 0.06 if known else float("nan"),
                "grade": "none" if not known else "thin" if people < 10 else "solid",
                "stands_apart": bool(known and apart),
            }
        )
    frame = pd.DataFrame(rows)
    return frame.astype(
        {"mean": "float64", "low": "float64", "high": "float64", "stage": "str", "grade": "str"}
    )


def quotes(many: int = 0) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for stage, found in QUOTES.items():
        for i, (text, valence, who, channel, language) in enumerate(found):
            rows.append(
                {
                    "stage": stage,
                    "text": text,
                    "valence": valence,
                    "respondent": who,
                    "channel": channel,
                    "language": language,
                    "at": pd.Timestamp(2026, 1 + i % 3, 3 + 4 * i),
                    "coder": "ana",
                    "feedback": len(rows) + 1,
                    "predicted": False,
                }
            )
    keys = [key for key, *_ in SHOP[:6]]
    for i in range(many):
        rows.append(
            {
                **rows[i % 15],
                "stage": keys[i % 5],
                "text": f"Comment {i}: the parcel {i * 7919 % 10007} came {i % 9} days late, "
                f"the box was open, and the person at the counter number {i % 31} could not "
                f"tell me whom to ask about it.",
                "respondent": f"R-{200 + i}",
                "feedback": 100 + i,
            }
        )
    frame = pd.DataFrame(rows)
    text = dict.fromkeys(("stage", "text", "respondent", "channel", "language", "coder"), "str")
    return frame.astype(text)


def kpis() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The newest figures, and all of them."""
    rows = []
    for name, stage, unit, direction, target, values, half, n in KPI:
        for at, value in zip(QUARTERS, values, strict=True):
            rows.append(
                (
                    name,
                    stage,
                    None,
                    at,
                    float(value),
                    float(n),
                    value - half,
                    value + half,
                    unit,
                    target,
                    direction,
                )
            )
    columns = [
        "kpi",
        "stage",
        "segment",
        "at",
        "value",
        "n",
        "low",
        "high",
        "unit",
        "target",
        "direction",
    ]
    history = pd.DataFrame(rows, columns=columns)
    latest = history.groupby("kpi", sort=False).tail(1).copy()
    before = history.groupby("kpi", sort=False).nth(2)["value"].to_numpy()
    latest["previous"] = before
    latest["change"] = latest["value"] - before
    half = (latest["high"] - latest["low"]) / 2 * 1.2
    latest["change_low"], latest["change_high"] = (
        latest["change"] - half * 0.7,
        latest["change"] + half * 0.7,
    )
    return latest, history


def codings() -> pd.DataFrame:
    rows = [(s, code, n) for s, found in PAINS.items() for code, n in found]
    return pd.DataFrame(rows, columns=["stage", "code", "n"])


def places() -> pd.DataFrame:
    rows = [(s, place, n) for s, found in PLACES.items() for place, n in found]
    return pd.DataFrame(rows, columns=["stage", "touchpoint", "n"])


def shop(
    count: int = 6,
    *,
    language: str = "en",
    many: int = 0,
    evidence: bool = True,
    names: dict[str, str] | None = None,
    estimate: str = "calibrated",
    **more: Any,
) -> JourneyMap:
    """The facts of the shop's map."""
    latest, history = kpis()
    notes = pd.DataFrame(NOTES, columns=["stage", "lane", "text"])
    given: dict[str, Any] = {
        "quotes": quotes(many),
        "codings": codings(),
        "codebook": CODES,
        "touchpoints": places(),
        "kpis": latest,
        "kpi_history": history,
        "notes": notes,
        "totals": {
            "respondents": 412,
            "passages": 646,
            "texts": 2310,
            "first": pd.Timestamp("2026-01-03"),
            "last": pd.Timestamp("2026-03-14"),
            "without_stage": 17,
        },
        "made": pd.Timestamp("2026-03-14").to_pydatetime(),
    } | more
    return build(
        journey(count, names),
        curve(count, evidence),
        language=language,
        estimate=estimate,
        scorer="TextBlob 0.20",
        **given,
    )
