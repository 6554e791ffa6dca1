"""One-time codes on paper: a card for each person, as a page to print or a workbook to mail-merge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.common.sheets.workbook import Cell
from huyuan.common.sheets.writing import SheetWriter
from huyuan.people.actions.codes import IssuedCode
from huyuan.people.models import Post

WIDTHS = (28, 16, 12, 14, 14, 14, 60)


@dataclass(frozen=True)
class Card:
    """What stands on one person's card."""

    organisation: str
    post: str
    name: str
    phone: str
    code: str
    valid_until: date


def cards_for(issued: Sequence[IssuedCode], on: date) -> list[Card]:
    """The cards of these codes, those of one organisation together."""
    posts: dict[int, Post] = {}
    current = Post.objects.not_ended(on).filter(user__in=[one.user for one in issued])
    for post in current.select_related("organisation").order_by("-pk"):
        posts[post.user_id] = post
    cards = []
    for one in issued:
        post_held = posts.get(one.user.pk)
        where, what = (post_held.organisation, post_held.get_role_display()) if post_held else (None, "")
        card = Card(
            where.name if where else "", what, one.user.name, one.user.phone, one.code,
            timezone.localdate(one.expires_at),
        )  # fmt: skip
        cards.append((where.sort_key if where else "", one.user.sort_key, card))
    return [card for _place, _name, card in sorted(cards, key=lambda entry: entry[:2])]


def codes_workbook(cards: Sequence[Card]) -> bytes:
    """The cards as rows of a workbook."""
    writer = SheetWriter()
    sheet = writer.sheet(_("One-time codes"))
    titles = (
        _("School or organisation"), _("Post"), _("Name"), _("Phone number"), _("One-time code"), _("Valid until"),
        _("What to do"),
    )  # fmt: skip
    for place, (title, width) in enumerate(zip(titles, WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, writer.title)
    sheet.freeze_panes(1, 0)
    steps = _("Open the sign-in page, choose “one-time code”, type phone number and code, and choose a password.")
    for line, card in enumerate(cards, 1):
        cells: tuple[Cell, ...] = (
            card.organisation,
            card.post,
            card.name,
            card.phone,
            card.code,
            card.valid_until,
            steps,
        )
        for place, cell in enumerate(cells):
            writer.cell(sheet, line, place, cell)
    return writer.done()
