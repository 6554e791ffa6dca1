"""Words and badges of standings."""

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huyuan.organisations.models import Organisation, OrganisationKind
from huyuan.policy.presentation import ICONS, LOOKS, RHYTHM_WORDS, Digest
from huyuan.policy.queries import Tally
from huyuan.policy.rulebook import Rule
from huyuan.policy.states import Stand, State

register = template.Library()
BAR = (State.MET, State.AT_RISK, State.MISSED)
FIGURE_KINDS = {State.MISSED: "danger", State.AT_RISK: "warn"}


@register.filter
def bearer_name(kind: str) -> str:
    """The kind of organisation that owes it, in words."""
    return str(OrganisationKind(kind).label)


@register.filter
def rhythm_words(rule: Rule) -> str:
    """How often it is owed, in words."""
    return str(RHYTHM_WORDS[rule.version.rhythm])


@register.filter
def figure_kind(state: State) -> str:
    """The look of a figure for a state."""
    return FIGURE_KINDS.get(state, "")


@register.simple_tag
def state_badge(state: State, count: int, single: Organisation | None, tally: Tally) -> SafeString:
    """A state with how many are in it; for one organisation the state alone, for a sole bearer too."""
    alone = single is not None or tally.bound == 1
    return _badge(str(state.label) if alone else f"{state.label} {count}", state)


@register.simple_tag
def count_badge(state: State, count: int) -> SafeString:
    """A state with how many are in it."""
    return _badge(f"{state.label} {count}", state)


@register.filter
def state_icon(state: State) -> str:
    """The name of the drawing that stands for a state."""
    return ICONS[state]


@register.simple_tag
def percent_met(digest: Digest) -> str:
    """How much of what is judged is met; rounded down, so that 100 % means all."""
    return _("%(percent)s%%") % {"percent": 100 * digest.met // digest.judged}


@register.simple_tag
def share_bar(digest: Digest) -> SafeString:
    """How much of what is judged is met, at risk and missed, as a thin bar; the words beside it say the same."""
    start, parts = 0.0, []
    for state in BAR:
        width = 100 * digest.counts.get(state, 0) / digest.judged if digest.judged else 0
        parts.append((state, round(start, 2), round(width, 2)))
        start += width
    drawn = format_html_join("", '<rect class="hy-share-{}" x="{}" width="{}" height="6"/>', parts)
    return format_html(
        '<svg class="hy-share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">{}</svg>',
        drawn,
    )


@register.simple_tag
def stand_badge(stand: Stand) -> SafeString:
    """The state of one organisation; met by declaration only says so."""
    text = _("met, declared") if stand.declared else stand.label
    return _badge(text, stand.state)


@register.simple_tag
def stand_words(stand: Stand) -> str:
    """What stands behind the state, in a few words."""
    words = []
    if stand.row is not None and stand.state in (State.MET, State.AT_RISK, State.MISSED, State.NOT_YET_DUE):
        words.append(_("%(value)s of %(wanted)s") % {"value": stand.row.value, "wanted": stand.row.wanted})
    if stand.former_missed:
        words.append(_("the period before was missed"))
    if stand.state in (State.AT_RISK, State.NOT_YET_DUE) and stand.days_left is not None and stand.days_left >= 0:
        words.append(ngettext("%(days)s day left", "%(days)s days left", stand.days_left) % {"days": stand.days_left})
    return " · ".join(words)


def _badge(text: str, state: State) -> SafeString:
    return render_to_string("components/badge.html", {"text": text, "kind": LOOKS.get(state, ""), "icon": ICONS[state]})
