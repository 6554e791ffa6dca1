"""Phone numbers as people type them."""

from huyuan.common.sheets.cells import MOBILE, tidy


def plain_phone(typed: str) -> str:
    """The number without spaces, hyphens and country code; what is no mobile number stays as typed."""
    bare = tidy(typed).replace(" ", "").replace("-", "")
    found = MOBILE.fullmatch(bare)
    return found[1] if found else bare


def is_mobile(phone: str) -> bool:
    """Whether this is a mobile number of eleven digits."""
    return MOBILE.fullmatch(phone) is not None and len(phone) == 11
