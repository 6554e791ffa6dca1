"""Search tokens: two-character pieces of Chinese, whole words of Latin script and digits."""

import re
import unicodedata

LATIN = re.compile(r"[a-z0-9]+")
HAN = re.compile(r"[\u3400-\u9fff]+")


def tokens(*texts: str) -> set[str]:
    """The tokens under which a text is found; half and full width, upper and lower case are the same."""
    found: set[str] = set()
    for text in texts:
        plain = unicodedata.normalize("NFKC", text).lower()
        found.update(LATIN.findall(plain))
        for run in HAN.findall(plain):
            found.add(run) if len(run) == 1 else found.update(run[i : i + 2] for i in range(len(run) - 1))
    return found
