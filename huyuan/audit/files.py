"""The chain as a file: one link a line, so that whoever has the file can walk it without our database."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from huyuan.audit.chain import Link
from huyuan.audit.models import AuditRow

CONTENT = (
    "at", "county_id", "actor_id", "post_id", "kind", "target_type", "target_code", "details", "transaction_id",
)  # fmt: skip


class UnreadableLine(ValueError):
    """A line is not as it was written."""


def line_of(link: Link) -> str:
    """A link with its row as one line of JSON; rows hold codes and digests only, and so does the line."""
    row = link.row
    content = row and {name: getattr(row, name) for name in CONTENT} | {"at": _utc(row.at)}
    said = {
        "sequence": link.sequence, "row": link.row_id, "content": content, "sealed_at": _utc(link.sealed_at),
        "digest": link.digest,
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_links(path: Path) -> Iterator[Link]:
    """The links in a file; raises UnreadableLine at the first line that could not have been written here."""
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            try:
                link = _link_of(json.loads(line))
                same = line_of(link) == line
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise UnreadableLine(f"line {number} of the file cannot be read") from error
            if not same:
                raise UnreadableLine(f"line {number} of the file is not as it was written")
            yield link


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _link_of(said: dict[str, object]) -> Link:
    content, row_id = said["content"], int(str(said["row"]))
    row = None
    if isinstance(content, dict):
        row = AuditRow(pk=row_id, **content | {"at": datetime.fromisoformat(content["at"])})
    sealed_at = datetime.fromisoformat(str(said["sealed_at"]))
    return Link(int(str(said["sequence"])), row_id, str(said["digest"]), sealed_at, row)
