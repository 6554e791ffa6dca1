"""Which addresses a receiver outside may have: never a machine behind our own wall, unless the operator names it."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from huyuan.common.errors import Invalid

Address = IPv4Address | IPv6Address


def check_address(url: str) -> None:
    """Refuse an address that alarms may not be sent to; names are looked up again at each sending."""
    parts = split(url)
    if parts is None:
        raise Invalid(_("This is not a complete web address. It begins with https:// and names a host."))
    if parts.scheme != "https" and not settings.DEMO:
        raise Invalid(_("Alarms are sent over https:// only."))
    if parts.username or parts.password:
        raise Invalid(_("Leave user name and password out of the address; the shared secret signs each message."))
    if not may_reach(parts.hostname or ""):
        raise Invalid(_("This address lies inside the installation's own network. The operator can allow it by HUYUAN_INSIDE_RECEIVERS."))  # fmt: skip


def split(url: str) -> SplitResult | None:
    """The parts of a web address, if it is one."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if whole else None


def may_reach(host: str) -> bool:
    """Whether a host may be asked, as far as its name alone says; one that the operator named always may."""
    if host in inside_hosts():
        return True
    address = literal(host)
    if address is not None:
        return may_connect(address)
    return not (host == "localhost" or host.endswith((".localhost", ".local", ".internal")))


def may_connect(address: Address) -> bool:
    """Whether a machine may be connected to: a public one, or one that the operator named."""
    plain = getattr(address, "ipv4_mapped", None) or address
    if any(plain in ip_network(named) for named in settings.INSIDE_RECEIVERS if literal(named.split("/")[0])):
        return True
    return plain.is_global and not plain.is_multicast


def literal(host: str) -> Address | None:
    """The machine's number, if the host is written as one."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def inside_hosts() -> Iterable[str]:
    """The names that the operator allows whatever machine they lead to."""
    return [named for named in settings.INSIDE_RECEIVERS if literal(named.split("/")[0]) is None]
