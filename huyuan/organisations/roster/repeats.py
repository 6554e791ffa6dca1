"""The same school in several rows: harmless when they agree; otherwise reported, never guessed."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets import Row, Sentence, say
from huyuan.common.sheets.cells import plain
from huyuan.organisations.roster.fields import ROSTER
from huyuan.organisations.roster.names import school_key

# Pupils come first, because people know them; name and code are looked at before.
COMPARED = ("pupils", *(one.name for one in ROSTER.fields if one.name not in ("name", "code", "pupils", "position")))
# The figures that a row must state itself before it can be believed against another.
PROOF = ("name", "code", "kind", "town", "pupils", "boys", "girls")
TAKEN = _(
    "The school stands twice and the rows differ: %(field)s is %(mine)s here and %(other)s in row %(row)s. Row %(row)s is complete and adds up, so it was taken. Delete this row, or correct it."
)
NEITHER = _(
    "The school stands twice and the rows differ: %(field)s is %(mine)s here and %(other)s in row %(row)s. Neither was taken. Keep the right row and delete the other."
)
COMPARE = _("This row was taken. It stands here to be compared with row %(row)s.")
OTHER_NAME = _(
    "Row %(row)s gives the same school code to “%(other)s”, this row to “%(mine)s”. Correct the code, or delete one of the rows."
)
OTHER_CODE = _(
    "Row %(row)s has the same school with the code %(other)s, this row with %(mine)s. Correct the code, or delete one of the rows."
)


def settle_repeats(rows: list[Row]) -> tuple[set[int], list[Sentence]]:
    """Report contradictions on the rows themselves; the answer has the positions of harmless repeats, with notes."""
    dropped: set[int] = set()
    notes: list[Sentence] = []
    by_code = _grouped(rows, lambda row: row.values.get("code"))
    by_name = _grouped(rows, _name_and_town)
    torn: set[int] = set()
    for group in by_code:
        torn |= _report_torn(rows, group, "name", OTHER_NAME, lambda value: school_key(str(value)))
    for group in by_name:
        torn |= _report_torn(rows, group, "code", OTHER_CODE, str)
    for group in _merged(by_code + by_name):
        left = [at for at in group if at not in torn]
        if len(left) > 1:
            dropped |= _settle(rows, left, notes)
    return dropped, notes


def _name_and_town(row: Row) -> Hashable:
    name, town = row.values.get("name"), row.values.get("town")
    return (school_key(str(name)), plain(str(town))) if name and town else None


def _grouped(rows: list[Row], key: Callable[[Row], Hashable]) -> list[list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if (found := key(row)) is not None:
            groups[found].append(at)
    return [group for group in groups.values() if len(group) > 1]


def _merged(groups: Iterable[list[int]]) -> list[list[int]]:
    """Groups that are the same rows by code and by name count once."""
    return [list(group) for group in dict.fromkeys(map(tuple, groups))]


def _report_torn(
    rows: list[Row], group: list[int], field: str, reason: Sentence, key: Callable[[object], str]
) -> set[int]:
    """Report rows that agree in one name of the school and differ in the other: nobody can say which school it is."""
    said = {at: key(rows[at].values[field]) for at in group if rows[at].values.get(field)}
    torn: set[int] = set()
    for at, mine in said.items():
        other = next((one for one, value in said.items() if value != mine), None)
        if other is not None:
            values = {"row": rows[other].number, "mine": rows[at].values[field], "other": rows[other].values[field]}
            rows[at].refuse(field, say(reason, **values), str(rows[at].values[field]))
            torn.add(at)
    return torn


def _settle(rows: list[Row], group: list[int], notes: list[Sentence]) -> set[int]:
    """Drop true repeats; of rows that differ take the only one that proves itself, or none."""
    proven = [at for at in group if _proves_itself(rows[at])]
    trusted = proven[0] if len(proven) == 1 else None
    base = trusted if trusted is not None else group[0]
    others = [at for at in group if at != base]
    differing = {at: field for at in others if (field := _difference(rows[at], rows[base]))}
    broken = [at for at in group if rows[at].problems]
    if not differing and not broken:
        for at in others:
            note = _("Row %(row)s repeats row %(first)s and changes nothing.")
            notes.append(say(note, row=rows[at].number, first=rows[base].number))
        return set(others)
    for at in group:
        if at == trusted:
            continue
        against = base if at != base else next(iter(differing), next(one for one in group if one != base))
        field = differing.get(at) or _difference(rows[at], rows[against]) or "pupils"
        _report(rows[at], rows[against], field, TAKEN if against == trusted else NEITHER)
        if against == trusted:
            rows[against].compared = say(COMPARE, row=rows[at].number)
    return set()


def _report(row: Row, other: Row, field: str, reason: Sentence) -> None:
    row.refuse(
        field,
        say(
            reason, field=ROSTER.by_name[field].title, row=other.number,
            mine=_said(row.values.get(field)), other=_said(other.values.get(field)),
        ),
        str(row.values.get(field) if row.values.get(field) is not None else ""),
    )  # fmt: skip


def _said(value: object) -> Sentence:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "—" if value is None else getattr(value, "label", str(value))


def _proves_itself(row: Row) -> bool:
    if row.problems or any(row.values.get(field) is None for field in PROOF):
        return False
    boys, girls, pupils = (row.values[field] for field in ("boys", "girls", "pupils"))
    return isinstance(boys, int) and isinstance(girls, int) and boys + girls == pupils


def _difference(row: Row, other: Row) -> str | None:
    """The first field in which two rows differ; what is left out and what is none are the same."""
    mine, theirs = row.values, other.values
    return next((field for field in COMPARED if (mine.get(field) or None) != (theirs.get(field) or None)), None)
