"""Short messages and voice calls, through one gateway that takes JSON over HTTP."""

from enum import StrEnum
from http import HTTPStatus

import aiohttp
from django.conf import settings

from huyuan.emergency.channels.letters import Letter, SendFailed, reaching

# Longer than any gateway takes that is well, and short enough to try again within the first minute.
PATIENCE = aiohttp.ClientTimeout(total=5)
# "Too early", "too many" and a time-out of the gateway's own are no refusals of the number.
PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class Kind(StrEnum):
    """What the gateway makes of the text."""

    SMS = "sms"
    VOICE = "voice"


async def send(letter: Letter, *, kind: Kind, session: aiohttp.ClientSession) -> None:
    """Hand a letter to the gateway; returns when it has taken it, and only then."""
    body = {"to": letter.to, "kind": kind.value, "text": letter.text, "sign": letter.sign, "page": str(letter.page)}
    headers = {"Idempotency-Key": str(letter.page), "Authorization": f"Bearer {settings.GATEWAY_KEY}"}
    with reaching("the gateway"):
        async with session.post(
            settings.GATEWAY_URL, json=body, headers=headers, timeout=PATIENCE, allow_redirects=False
        ) as answer:
            status = answer.status
    if not HTTPStatus(200) <= status < HTTPStatus(300):
        refused = HTTPStatus(400) <= status < HTTPStatus(500) and status not in PASSING
        raise SendFailed(f"the gateway answered {status}", final=refused)
