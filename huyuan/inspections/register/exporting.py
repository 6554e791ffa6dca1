"""Hazards in the words that ledgers use for them."""

from huyuan.common.sheets.cells import plain
from huyuan.inspections.models import Hazard
from huyuan.inspections.register.words import LEVEL_WORDS, STATE_NAMES, STATE_OF, STATUS_OF


def level_word(hazard: Hazard) -> str:
    """General or major in Chinese; nothing while the level is open."""
    return LEVEL_WORDS[Hazard.Level(hazard.level)] if hazard.level else ""


def state_word(hazard: Hazard) -> str:
    """The state in a ledger's words; what waits for coordination says so until it moves on here."""
    said = STATE_NAMES.get(plain(hazard.imported_state), "")
    still = hazard.round == 1 and STATUS_OF.get(said) == hazard.status
    return said if still else STATE_OF[hazard.status]
