"""TextBlob's and textblob-fr's own numbers, many times faster where that is safe.

`engine` brings their lexicon and tokenizer, `split` parts a word into tokens, `steps` turns a
word into what it does, `bulk` finds the words of many texts that do something, and `fast` lets
them do it; whatever is not certain to come out the same goes the whole way through their code.
"""
