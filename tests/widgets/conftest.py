"""The coding widget in a blank page, wired to real Python."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

HERE = Path(__file__).resolve().parent
for folder in (HERE, HERE.parent):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from standin import Feedback, Study  # noqa: E402  # the folder is on the path only now

if TYPE_CHECKING:
    from host import Coder
    from playwright.sync_api import Browser

FRENCH = (
    "Le comparatif était clair et le conseiller a été très gentil. Par contre le paiement a "
    "échoué trois fois et j'ai dû rappeler le service client. Une fois la commande passée, la "
    "livraison est arrivée le lendemain. Je n'ai pas encore eu besoin du support depuis."
)


def some_texts(n: int = 70) -> list[Feedback]:
    """Interviews and comments in two languages, as a shop would have them."""
    known = [
        Feedback(
            "J'ai trouvé le site par une publicité, mais impossible de comparer les offres.",
            channel="appel",
            language="fr",
            persona="curieuse",
        ),
        Feedback(FRENCH, channel="entretien", language="fr", persona="primo-acheteuse"),
        Feedback(
            "Delivery was two days late and nobody told me. Support answered in ten minutes, "
            "which saved it.",
            channel="e-mail",
            persona="regular",
        ),
        Feedback(
            "Great onboarding, I recommended it to two colleagues.",
            channel="survey",
            persona="regular",
        ),
        Feedback(
            "Trop d'étapes pour créer le compte, j'ai failli abandonner.",
            channel="survey",
            language="fr",
            persona="curieuse",
        ),
    ]
    more = [
        Feedback(f"Comment number {at}. It has two sentences.", persona="regular")
        for at in range(len(known), n)
    ]
    return (known + more)[:n]


@pytest.fixture
def study() -> Study:
    return Study(some_texts())


@pytest.fixture
def open_coder(browser: Browser) -> Iterator[Callable[..., Coder]]:
    """Open the widget on a study; the page must stay without errors to the end."""
    from host import Coder, blank

    from browser import quiet_page

    with ExitStack() as stack:

        def make(
            study: Study,
            *,
            width: int = 1220,
            height: int = 860,
            dark: bool = False,
            mount: bool = True,
            context: dict[str, Any] | None = None,
            **options: Any,
        ) -> Coder:
            page, troubles = stack.enter_context(
                quiet_page(browser, blank(dark), width=width, height=height, **(context or {}))
            )
            coder = Coder(page, study, troubles)
            if mount:
                coder.mount(**options)
                coder.ready()
            return coder

        yield make
