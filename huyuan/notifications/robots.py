"""Group robots: only those of the services whose groups people here use."""

import apprise

SERVICES = frozenset({"wecombot", "dingtalk", "feishu"})


def robot_of(address: str) -> apprise.NotifyBase | None:
    """The robot behind an address, if it is one of these services and nothing else.

    Apprise knows a hundred other kinds: with them a school could reach machines behind our wall, or mail in our name.
    Options behind a question mark could keep the sender waiting for hours.
    """
    service, _, rest = address.partition("://")
    return apprise.Apprise.instantiate(address) if service in SERVICES and "?" not in rest else None
