"""Finding the rows of titles by what they mean: anywhere near the top, one to three rows deep, columns in any order."""

from dataclasses import dataclass, field

from huyuan.common.sheets.cells import tidy
from huyuan.common.sheets.specs import SheetSpec, title_key
from huyuan.common.sheets.workbook import Cell

DEEPEST = 3
LOOKED_AT = 30
# Fewer recognised titles than this are a coincidence, not a table.
FEWEST_TITLES = 3
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
    def unknown(self) -> list[str]:
        """Titles of columns that no field claims."""
        used = set(self.columns.values())
        return [title for column, title in self.titles.items() if column not in used]

    def is_repeated_by(self, cells: list[Cell]) -> bool:
        """True for the titles again, as page breaks bring them."""
        return _echo(cells) in self.echoes


def find_header(rows: list[NumberedRow], spec: SheetSpec) -> Header | None:
    """The rows among these that name the most fields; None when none names enough."""
    best: Header | None = None
    enough = min(FEWEST_TITLES, len(spec.fields))
    for start in range(min(LOOKED_AT, len(rows))):
        for depth in range(1, DEEPEST + 1):
            block = rows[start : start + depth]
            if len(block) < depth or not any(block[0][1]) or not all(_could_be_titles(cells) for _row, cells in block):
                break
            header = read_titles(block, spec)
            if len(header.columns) >= enough and (best is None or header.worth > best.worth):
                best = header
    return _with_rows_below(best, rows, spec) if best else None


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
    texts = [[tidy(cell) if isinstance(cell, str) else "" for cell in row] + [""] * (width - len(row)) for row in grid]
    for level, row in enumerate(texts[:-1]):
        for column in range(1, width):
            if not row[column] and any(below[column] for below in texts[level + 1 :]):
                row[column] = row[column - 1]
    return [[row[column] for row in texts if row[column]] for column in range(width)]


def _could_be_titles(cells: list[Cell]) -> bool:
    return all(isinstance(cell, str) and not cell.strip().isdecimal() for cell in cells if cell != "")


def _with_rows_below(header: Header, rows: list[NumberedRow], spec: SheetSpec) -> Header:
    """Take in the further title rows whose words no field needs, such as the grades below a number of pupils."""
    start = next(index for index, (row, _cells) in enumerate(rows) if row == header.row)
    anchor = header.columns.get(spec.anchor)
    depth = header.depth
    while depth < DEEPEST and start + depth < len(rows):
        cells = rows[start + depth][1]
        words = [cell for cell in cells if cell != ""]
        names_nothing = anchor is None or anchor >= len(cells) or cells[anchor] == ""
        if len(words) < 2 or not names_nothing or not _could_be_titles(cells):
            break
        if not all(isinstance(word, str) and len(tidy(word)) <= 12 for word in words):
            break
        depth += 1
    if depth == header.depth:
        return header
    deeper = read_titles(rows[start : start + depth], spec)
    return deeper if deeper.columns.keys() >= header.columns.keys() else header


def _echo(cells: list[Cell]) -> tuple[str, ...]:
    return tuple(key for cell in cells if isinstance(cell, str) and (key := title_key(cell)))
