"""What to say to people about a message that was refused."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Invalid
from huyuan.emergency.cap.problems import CapProblem, Reason

SENTENCES: dict[Reason, Promise] = {
    Reason.SIZE: _("The message is larger than %(detail)s KB. Send the alert alone, without files inside it."),
    Reason.EMPTY: _("The message is empty. Send one CAP 1.2 alert as XML."),
    Reason.NOT_XML: _("This is not well-formed XML (%(detail)s). Send one CAP 1.2 alert in UTF-8."),
    Reason.DOCTYPE: _("A document type (DOCTYPE) is not accepted. Send the alert without it and without entities."),
    Reason.DEEP: _("The message has too many elements or nests them too deeply for a CAP alert."),
    Reason.NAMESPACE: _("Only CAP 1.2 is read; the namespace here is “%(detail)s”."),
    Reason.ROOT: _("The message begins with “%(detail)s” and not with “alert”."),
    Reason.UNEXPECTED: _("The element “%(detail)s” does not belong here, stands twice or is out of order."),
    Reason.MISSING: _("The element “%(detail)s” is missing or empty."),
    Reason.DATE: _("“%(detail)s” is not a time as CAP writes it: 2026-09-15T08:30:00+08:00, and the end after the beginning."),
    Reason.WORD: _("“%(detail)s” is not one of the words that CAP allows here."),
    Reason.NUMBER: _("“%(detail)s” is not a number that can be used."),
    Reason.MARK: _("“%(detail)s” cannot identify a message or a sender: no spaces, commas, < or &, at most 200 characters."),
    Reason.REFERENCE: _("“%(detail)s” does not name an earlier message; write sender,identifier,sent."),
    Reason.REFERENCES: _("A message of the kind %(detail)s must name the earlier message it is about."),
    Reason.POLYGON: _("A polygon needs at least four points, and its last point is its first."),
    Reason.PLACE: _("“%(detail)s” is not a place on earth; write latitude,longitude and for a circle its radius in kilometres."),
    Reason.RESTRICTION: _("A restricted message must say how it is restricted."),
    Reason.ADDRESSES: _("A private message must name whom it is for."),
}  # fmt: skip


def refusal_of(problem: CapProblem) -> Invalid:
    """The refusal that says what is wrong."""
    return Invalid(SENTENCES[problem.reason] % {"detail": problem.detail})
