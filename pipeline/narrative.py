"""The words of a report's text: segmented with jieba and counted.

Belongs here: how a text becomes terms. Does not belong here: the user words (they are in
narrative_words.csv) nor what the terms are used for.

Same text, same terms: the hidden Markov model is off (HMM=False), because it joins unknown
letters by odds instead of by the dictionary, and the same name would be cut differently in
different sentences. The dictionary is read from the package itself: jieba's cache in the
shared temporary folder is no faster (0.7 s either way) and could be another user's file.
"""

import csv
import re
import unicodedata
import warnings
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path

with warnings.catch_warnings():
    # jieba 0.42.1 is the last release; its regular expressions are written without the r prefix.
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=r".*jieba")
    import jieba

WORDS = Path(__file__).with_name("narrative_words.csv")

# What jieba itself cuts a text into before it looks for words; no word crosses a block.
_BLOCK = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+")
_PARTED = re.compile(r"(?<=[\u4E00-\u9FD5])[ \t]+(?=[\u4E00-\u9FD5])")


def terms(text: str) -> list[tuple[str, int]]:
    """Return the terms of a text with their number, in the order of their characters.

    Widths are folded (NFKC) and spaces between Chinese letters closed; terms without any
    letter (punctuation, blanks, bare numbers) are dropped.
    """
    folded = _PARTED.sub("", unicodedata.normalize("NFKC", text))
    counted: Counter[str] = Counter()
    for block in _BLOCK.findall(folded):
        counted.update(_block_terms(block))
    return sorted(counted.items())


def user_words() -> list[str]:
    """Return the words of the forms and of the practice that are never cut apart."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        return [row["word"] for row in csv.DictReader(file)]


@lru_cache(maxsize=50_000)
def _block_terms(block: str) -> tuple[str, ...]:
    """Return a block's terms; reports share many clauses, so the answers are kept."""
    cut = _tokenizer().cut(block, HMM=False)
    return tuple(term for term in cut if any(character.isalpha() for character in term))


@cache
def _tokenizer() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in user_words():
        tokenizer.add_word(word)
    return tokenizer
