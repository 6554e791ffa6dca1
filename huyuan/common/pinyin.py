"""Chinese sort keys: the embedded PostgreSQL has no ICU, so names carry their pinyin."""

from functools import cache, lru_cache
from importlib import import_module
from typing import Any


@cache
def _dictionary() -> Any:
    """The dictionary, read when the first name is saved: its 55 MB would weigh on every process that never saves one."""
    return import_module("pypinyin")


@cache
def _words() -> Any:
    return _dictionary().core.Pinyin()


def sort_key(name: str) -> str:
    """The name in tone-numbered pinyin, syllables parted by spaces, at most 200 characters."""
    return " ".join(_syllables(word) for word in _words().seg(name)).lower()[:200]


# The words that the names of a county are made of come again and again.
@lru_cache(maxsize=50_000)
def _syllables(word: str) -> str:
    dictionary = _dictionary()
    return " ".join(dictionary.lazy_pinyin(word, style=dictionary.Style.TONE3))
