"""TextBlob's and textblob-fr's own numbers, ten times faster where that is safe.

`engine` brings their lexicon and tokenizer, `steps` turns a word into what it does, and
`fast` lets words do it; whatever is not certain to come out the same goes the whole way
through their own code.
"""
