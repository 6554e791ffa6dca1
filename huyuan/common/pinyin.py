"""Chinese sort keys: the embedded PostgreSQL has no ICU, so names carry their pinyin."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.core import Pinyin

WORDS = Pinyin()


def sort_key(name: str) -> str:
    """The name in tone-numbered pinyin, syllables parted by spaces, at most 200 characters."""
    return " ".join(_syllables(word) for word in WORDS.seg(name)).lower()[:200]


# The words that the names of a county are made of come again and again.
@lru_cache(maxsize=50_000)
def _syllables(word: str) -> str:
    return " ".join(lazy_pinyin(word, style=Style.TONE3))
