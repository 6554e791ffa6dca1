"""Web push to an installed page: beside the other ways, never instead of one."""

import json
from collections.abc import Mapping
from email.utils import parseaddr
from http import HTTPStatus

import aiohttp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode
from pywebpush import WebPushException, webpush_async

from huyuan.common.keys import read_or_make_key
from huyuan.emergency.channels.letters import Gone, Letter, SendFailed, reaching

PATIENCE = aiohttp.ClientTimeout(total=5)
# An alarm that arrives after this many seconds is no help to a phone that was away.
LIFETIME = 600
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def signing_key() -> Vapid02:
    """The key with which this installation signs its pushes; lies beside the other keys."""
    secret = int.from_bytes(read_or_make_key(settings.PUSH_KEY_FILE), "big")
    # A push service may ask who sends; in a demo there is no address that it would take for one.
    return Vapid02(ec.derive_private_key(secret % (ORDER_OF_P256 - 1) + 1, ec.SECP256R1()), conf={"no-strict": True})


def public_key() -> str:
    """What a page needs to subscribe."""
    point = signing_key().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key: str = b64urlencode(point)
    return key


def contact() -> str:
    """Whom a push service can reach about this installation: it takes an https: or a mailto: address, and no other."""
    address: str = settings.ADDRESS
    return address if address.startswith("https:") else f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


async def send(letter: Letter, *, subscription: Mapping[str, str], session: aiohttp.ClientSession) -> None:
    """Push a letter to a browser that has subscribed."""
    keys = {"p256dh": subscription["p256dh"], "auth": subscription["auth"]}
    with reaching("the push service"):
        try:
            await webpush_async(
                {"endpoint": subscription["endpoint"], "keys": keys},
                data=json.dumps(
                    {"text": letter.text, "link": letter.link, "sign": letter.sign, "page": str(letter.page)}
                ),
                vapid_private_key=signing_key(),
                vapid_claims={"sub": contact()},
                headers={"Urgency": "high", "Topic": letter.page.hex[:32]},
                ttl=LIFETIME,
                timeout=PATIENCE,
                aiohttp_session=session,
            )
        except WebPushException as error:
            status = error.response.status if error.response is not None else None
            if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                raise Gone("the phone has ended its subscription") from error
            raise SendFailed(f"the push service answered {status}", final=status is None) from error
        except ValueError as error:
            raise Gone("the subscription is not understood") from error
