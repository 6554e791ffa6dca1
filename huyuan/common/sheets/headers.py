"""Finding the rows of titles by what they mean: one to three rows deep, columns in any order."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from huyuan.common.sheets.cells import shown, tidy
from huyuan.common.sheets.specs import SheetSpec, title_key
from huyuan.common.sheets.workbook import Cell

DEEPEST = 3
# Fewer recognised titles than this are a coincidence, not a table.
FEWEST_TITLES = 3
# Among titles at most one cell in so many is a number or a day.
TEXTS_TO_A_FIGURE = 4
LONGEST_TITLE = 12
NumberedRow = tuple[int, list[Cell]]


@dataclass(frozen=True)
class Header:
    """Where the titles stand and which column holds which field."""

    row: int
    depth: int
    columns: dict[str, int]
    titles: dict[int, str]
    clashes: dict[str, list[str]] = field(default_factory=dict)
    echoes: frozenset[tuple[str, ...]] = frozenset()

    @property
    def worth(self) -> tuple[int, int]:
        """More fields are better; for as many, fewer rows are, so that no heading above is taken for a title."""
        return len(self.columns), -self.depth

    @property
    def below(self) -> int:
        """The first row under the titles."""
        return self.row + self.depth

    @property
    def unknown(self) -> list[str]:
        """Titles of columns that no field claims."""
        used = set(self.columns.values())
        return [title for column, title in self.titles.items() if column not in used]

    def is_repeated_by(self, cells: list[Cell]) -> bool:
        """True for the titles again, as page breaks bring them."""
        return _echo(cells) in self.echoes


class Rows:
    """The rows of a sheet, of which the next few can be looked at before they are taken."""

    def __init__(self, rows: Iterator[NumberedRow]) -> None:
        self.rows = rows
        self.ahead: deque[NumberedRow] = deque()
        self.taken = False

    def take(self) -> NumberedRow:
        """The next row, which is then gone."""
        self.taken = True
        return self.ahead.popleft() if self.ahead else next(self.rows)

    def look(self, count: int) -> list[NumberedRow]:
        """The next rows, which stay where they are."""
        self.ahead.extend(islice(self.rows, max(0, count - len(self.ahead))))
        return list(islice(self.ahead, count))


def find_header(rows: Rows, spec: SheetSpec) -> Header | None:
    """The titles of a table that begin in the next row; None when they do not, or begin better in one soon after."""
    seen = rows.look(2 * DEEPEST)
    best = _best(seen, spec)
    if best is None:
        return None
    for later in range(1, best.depth):
        other = _best(seen[later:], spec)
        if other is not None and other.worth > best.worth:
            return None
    return _with_rows_below(best, seen, spec)


def _best(seen: list[NumberedRow], spec: SheetSpec) -> Header | None:
    """The titles that begin in the first of these rows, as deep as they name the most fields."""
    best: Header | None = None
    enough = min(FEWEST_TITLES, len(spec.fields))
    for depth in range(1, min(DEEPEST, len(seen)) + 1):
        block = seen[:depth]
        if not any(cell != "" for cell in block[0][1]) or not _could_be_titles(block[-1][1]):
            break
        header = read_titles(block, spec)
        if len(header.columns) >= enough and (best is None or header.worth > best.worth):
            best = header
    return best


def read_titles(block: list[NumberedRow], spec: SheetSpec) -> Header:
    """Understand these rows as the titles of a table."""
    claims: dict[str, list[tuple[int, int]]] = {}
    titles: dict[int, str] = {}
    for column, parts in enumerate(_title_parts([cells for _row, cells in block])):
        if not parts:
            continue
        titles[column] = "/".join(parts)
        if found := spec.field_under(parts):
            claims.setdefault(found[0], []).append((found[1], column))
    columns, clashes = {}, {}
    for name, claimed in claims.items():
        best = min(rank for rank, _column in claimed)
        winners = [column for rank, column in claimed if rank == best]
        columns[name] = winners[0]
        if len(winners) > 1:
            clashes[name] = [titles[column] for column in winners]
    echoes = frozenset(_echo(cells) for _row, cells in block if any(cells))
    return Header(block[0][0], len(block), columns, titles, clashes, echoes)


def _title_parts(grid: list[list[Cell]]) -> list[list[str]]:
    """For each column its titles from the top down; a merged title above carries over to its right."""
    width = max(map(len, grid))
    texts = [[tidy(shown(cell)) for cell in row] + [""] * (width - len(row)) for row in grid]
    for level, row in enumerate(texts[:-1]):
        for column in range(1, width):
            if not row[column] and any(below[column] for below in texts[level + 1 :]):
                row[column] = row[column - 1]
    return [[row[column] for row in texts if row[column]] for column in range(width)]


def _could_be_titles(cells: list[Cell]) -> bool:
    filled = [cell for cell in cells if cell != ""]
    figures = sum(not isinstance(cell, str) or cell.strip().isdecimal() for cell in filled)
    return figures * TEXTS_TO_A_FIGURE <= len(filled)


def _with_rows_below(header: Header, seen: list[NumberedRow], spec: SheetSpec) -> Header:
    """Take in the further rows of titles: those that part a title over several columns into what each column holds."""
    depth = header.depth
    while depth < min(DEEPEST, len(seen)) and _parts_titles(header, seen[:depth], seen[depth][1], spec):
        depth += 1
    return read_titles(seen[:depth], spec)


def _parts_titles(header: Header, above: list[NumberedRow], cells: list[Cell], spec: SheetSpec) -> bool:
    anchor = header.columns.get(spec.anchor)
    if anchor is None or (anchor < len(cells) and cells[anchor] != ""):
        return False
    words = {column: cell for column, cell in enumerate(cells) if cell != ""}
    if not all(
        isinstance(word, str) and len(tidy(word)) <= LONGEST_TITLE and not tidy(word).isdecimal()
        for word in words.values()
    ):
        return False
    return any(all(column >= len(row) or row[column] == "" for _row, row in above) for column in words)


def _echo(cells: list[Cell]) -> tuple[str, ...]:
    return tuple(key for cell in cells if isinstance(cell, str) and (key := title_key(cell)))
