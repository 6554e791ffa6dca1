"""Who is reset loses the phones that raise alarms in their name: a reset often follows a phone that is gone."""

from huyuan.emergency.actions.press_keys import revoke_keys_of
from huyuan.people.resetting import register

register(revoke_keys_of)
