"""`{% demo_accounts as accounts %}`: whom to sign in as in the demo county; nobody in a real installation."""

from django import template
from django.conf import settings

from huyuan.people.queries import DemoAccount
from huyuan.people.queries import demo_accounts as accounts_of_demo_county

register = template.Library()


@register.simple_tag
def demo_accounts() -> list[DemoAccount]:
    """The accounts that the sign-in page offers as buttons."""
    return accounts_of_demo_county() if settings.DEMO else []
