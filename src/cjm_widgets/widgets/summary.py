"""What a saved notebook shows where the widget was: counts, and no word of a customer."""

from __future__ import annotations

from html import escape

from cjm_widgets.model.desk import Opening
from cjm_widgets.words import number, say


def names_of(opening: Opening, language: str) -> list[tuple[str, int, bool]]:
    """Name, count and whether it is a sub-stage, of each stage in order."""
    return [
        (
            stage.names.get(language)
            or stage.names.get("en")
            or next(iter(stage.names.values()), stage.key),
            stage.n,
            stage.parent is not None,
        )
        for stage in opening.stages
    ]


def plain_summary(opening: Opening, language: str) -> str:
    """The summary as one line of text."""
    title = say("coder.summary.title", language, study=opening.name, coder=opening.coder)
    counts = say("coder.summary.texts", language, done=opening.done, total=opening.total)
    return f"{title}: {counts}"


def html_summary(opening: Opening, language: str) -> str:
    """The summary as plain HTML: no script and no style sheet, so it survives sanitising."""
    title = say("coder.summary.title", language, study=opening.name, coder=opening.coder)
    texts = say("coder.summary.texts", language, done=opening.done, total=opening.total)
    used = sum(1 for code in opening.codes if code.n > 0)
    parts = [escape(texts)]
    if opening.codes:
        parts.append(escape(say("coder.summary.codes", language, n=used, total=len(opening.codes))))
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left;font-weight:normal'
        f'{";padding-left:2em" if part else ""}">{escape(name)}</th>'
        f'<td style="text-align:right">{number(n, language)}</td></tr>'
        for name, n, part in names_of(opening, language)
    )
    heads = (
        f'<tr><th scope="col" style="text-align:left">'
        f"{escape(say('coder.summary.stage', language))}</th>"
        f'<th scope="col" style="text-align:right">'
        f"{escape(say('coder.summary.passages', language))}</th></tr>"
    )
    table = f"<table><thead>{heads}</thead><tbody>{rows}</tbody></table>" if rows else ""
    return (
        f'<div class="cjm-coder-summary" lang="{escape(language)}">'
        f"<p><strong>{escape(title)}</strong><br>{' · '.join(parts)}</p>{table}"
        f"<p><em>{escape(say('coder.summary.how', language))}</em></p></div>"
    )
