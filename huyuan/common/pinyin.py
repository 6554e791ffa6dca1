"""Chinese sort keys: the embedded PostgreSQL has no ICU, so names carry their pinyin."""

from pypinyin import Style, lazy_pinyin


def sort_key(name: str) -> str:
    """The name in tone-numbered pinyin, syllables parted by spaces, at most 200 characters."""
    return " ".join(lazy_pinyin(name, style=Style.TONE3)).lower()[:200]
