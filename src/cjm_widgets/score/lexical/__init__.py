"""The scorers `cjm-en` and `cjm-fr`: TextBlob's lexicon, mended and extended.

`lexicon` reads the word lists, `tokens` splits texts, `reading` turns words into what each
adds, `scorer` makes valences of that. docs/scorers.md says how it was made and what it reaches.
"""
