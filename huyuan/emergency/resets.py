"""A reset often follows a phone that is gone: with it go the keys that press and the browsers that take alarms."""

from huyuan.emergency.actions.press_keys import revoke_keys_of
from huyuan.emergency.actions.subscribing import unsubscribe_all
from huyuan.people.resetting import register

register(revoke_keys_of)
register(unsubscribe_all)
