"""What an app declares so that a workbook can be brought into its ledger, and where the files lie meanwhile."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise

from huyuan.common.effort import Occasion
from huyuan.common.reach import Reach
from huyuan.common.sheets import RowProblem, Sentence, TableResult
from huyuan.common.sheets.outcomes import Outcome, Progress
from huyuan.organisations.models import County


class Reading(Protocol):
    """What was read: rows that are right, what is wrong, what the person should know."""

    table: TableResult

    @property
    def problems(self) -> list[RowProblem]:
        """What is wrong, row by row."""

    @property
    def notes(self) -> list[Sentence]:
        """What the person should know although nothing is wrong."""

    def error_sheet(self) -> bytes:
        """The refused rows with their reasons, as a workbook."""


class Apply(Protocol):
    """Writes what was read, in one transaction."""

    def __call__(
        self, *, county: County, reading: Any, by: Reach, now: datetime, progress: Progress | None = None
    ) -> Outcome:
        """Write; importing twice changes nothing."""


@dataclass(frozen=True)
class Importer:
    """How workbooks come into one ledger.

    `next_page` is where to go once people or schools are in; `words` are the names of fields as people know them;
    `occasion` says which fact each column writes.
    """

    key: str
    title: str | Promise
    text: str | Promise
    check: Callable[[Reach], None]
    template: Callable[[], bytes]
    read: Callable[[Path, County, str], Reading]
    apply: Apply
    page: str
    occasion: Occasion
    next_page: str = ""
    next_label: str | Promise = ""
    datums: Sequence[tuple[str, str | Promise]] = ()
    words: Mapping[str, Sentence] = field(default_factory=dict)


IMPORTERS: dict[str, Importer] = {}


def register_importer(importer: Importer) -> None:
    """Make an importer known under its key."""
    if importer.key in IMPORTERS:
        raise ValueError(f"two importers are called {importer.key}")
    IMPORTERS[importer.key] = importer


def folder_of(code: UUID) -> Path:
    """Where an import keeps its files until it is done."""
    folder: Path = settings.IMPORTS_ROOT / code.hex
    return folder


def file_of(code: UUID) -> Path:
    """The workbook as it was given."""
    return folder_of(code) / "given"


def error_sheet_of(code: UUID) -> Path:
    """The error sheet that can be downloaded."""
    return folder_of(code) / "errors.xlsx"


def write_progress(code: UUID, done: int, total: int) -> None:
    """Say how far the writing is. It lies beside the file: the transaction that writes is not visible before its end."""
    path = folder_of(code) / "progress"
    part = path.with_suffix(".part")
    part.write_text(f"{done} {total}")
    part.replace(path)


def read_progress(code: UUID) -> tuple[int, int]:
    """How far the writing is, and of how much."""
    try:
        done, total = (folder_of(code) / "progress").read_text().split()
    except FileNotFoundError:
        return 0, 0
    return int(done), int(total)


def forget(code: UUID) -> None:
    """Delete everything an import kept."""
    shutil.rmtree(folder_of(code), ignore_errors=True)
