"""What an operator is told before an alarm tells it."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register()
def gateway_is_set(**_options: Any) -> list[CheckMessage]:
    """Warn of a real installation that can neither send a short message nor ring."""
    if settings.DEMO or settings.GATEWAY_URL:
        return []
    return [
        Warning(
            "No gateway for short messages and voice calls is set up; alarms reach people by screens and robots only.",
            hint="Set HUYUAN_GATEWAY_URL and HUYUAN_GATEWAY_KEY.", id="emergency.W001",
        )
    ]  # fmt: skip
