"""The words of a page: one short sentence a class, and never without the mark of an exercise or a test."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from huyuan.common.packs import Text
from huyuan.emergency.signs import Sign

MARKS = {Sign.EXERCISE: pgettext_lazy("mark of a page", "EXERCISE"), Sign.TEST: pgettext_lazy("mark of a page", "TEST")}
WARNINGS = {
    Sign.EXERCISE: gettext_lazy("This is an exercise, nothing has happened."),
    Sign.TEST: gettext_lazy("This is a test of the line, nothing has happened."),
}
GO = gettext_lazy("Be there within %(minutes)s min.")
SEND = gettext_lazy("Send officers at once, to be there within %(minutes)s min.")
RAISE = gettext_lazy("Raise patrols at once, to be there within %(minutes)s min.")
ASKED = {"duty_line": SEND, "command_line": RAISE, "command": RAISE}


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to tell about an incident to one of those who are called."""

    sign: Sign
    title: Text
    spoken: Text
    school: str
    place: str
    part: str
    minutes: int


def marked(sign: Sign, words: str) -> str:
    """Words between the marks of an exercise or a test, so that a cut message keeps one; a real alarm has none."""
    if sign is Sign.REAL:
        return words
    mark = f"【{MARKS[sign]}】"
    return f"{mark}{words}{mark}"


def written(told: Told, language: str) -> str:
    """What is read: short message, robot, push."""
    with translation.override(language):
        words = _("%(title)s! %(school)s %(place)s. %(asked)s") % _facts(told)
        return marked(told.sign, words)


def said(told: Told, language: str) -> str:
    """What is heard: said twice, because who picks up misses the first words."""
    with translation.override(language):
        words = _("%(school)s %(place)s: %(spoken)s. %(asked)s") % _facts(told)
        warning = str(WARNINGS.get(told.sign, ""))
        return marked(told.sign, " ".join(filter(None, [warning, words, words, warning])))


def _facts(told: Told) -> dict[str, str]:
    return {
        "title": str(told.title), "spoken": str(told.spoken), "school": told.school, "place": told.place,
        "asked": str(ASKED.get(told.part, GO)) % {"minutes": told.minutes},
    }  # fmt: skip
