"""Abbreviations whose full stop does not end a sentence, in English and French.

Words are lower case and without their last full stop.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """What a language abbreviates, by what may follow."""

    always: frozenset[str]
    """Never ends a sentence: titles and connectives."""
    number: frozenset[str]
    """Does not end one before a number: ``No. 5``."""
    capital: frozenset[str]
    """Ends one only before a capital: ``etc.``"""
    starters: frozenset[str]
    """Words that begin a sentence even after an acronym: ``in the U.S. The parcel …``"""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_ENGLISH = Abbreviations(
    always=_words("""
        mr mrs ms mx dr prof rev hon fr st ste gen col capt cpt lt sgt maj messrs vs viz
        e.g eg i.e ie cf c.f a.k.a n.b p.s"""),
    number=_words("""
        no nos art fig figs p pp vol vols ch chap sec sect par ed eds eq approx ca c tel ext
        ref op jan feb mar apr jun jul aug sep sept oct nov dec"""),
    capital=_words("""
        etc approx al inc ltd co corp llc plc dept dist est min mins max avg sec secs hr hrs
        wk wks yr yrs ave rd blvd apt bldg jr sr tel ext qty ref incl excl asap addr misc tbsp tsp
        lb lbs oz ft cm mm kg"""),
    starters=_words("""
        the a an it its it's he she they we you this that these those there here my your our
        his her their but and so then when what why how if in on at for after before while however
        also still no not yes please thank thanks very"""),
)

_FRENCH = Abbreviations(
    always=_words("""
        m mm mr mme mmes mlle mlles dr drs pr prof me mgr ste st vve cf c.f c.-à-d càd vs
        p.ex c.à.d n.b p.s mrs"""),
    number=_words("""
        no nos n° art fig p pp vol ch chap sect par al env éd ed tél tel réf ref rép ord
        janv jan févr fév fev avr juil juill sept oct nov déc dec ca approx"""),
    capital=_words("""
        etc al env approx av ave bd bld boul rte imp chem apt appt bât bat rés tél tel réf ref
        qté min max moy hab dépt dept sté ets cie adr pers nb temp resp incl excl sec kg cm mm
        svp"""),
    starters=_words("""
        le la les l un une des du de je j' il elle on nous vous ils elles ce c cet cette ces mon
        ma mes ton ta son sa ses notre nos votre vos leur mais et donc alors puis quand que qui
        pourquoi comment si en dans pour après avant depuis pendant très trop merci bonjour non oui
        pas aucun aucune"""),
)


def _union(one: Abbreviations, other: Abbreviations) -> Abbreviations:
    return Abbreviations(
        one.always | other.always,
        one.number | other.number,
        one.capital | other.capital,
        one.starters | other.starters,
    )


_BOTH = _union(_ENGLISH, _FRENCH)


def abbreviations(language: str) -> Abbreviations:
    """The table of a language; both tables together where it has none of its own."""
    return {"en": _ENGLISH, "fr": _FRENCH}.get(language[:2].lower(), _BOTH)
