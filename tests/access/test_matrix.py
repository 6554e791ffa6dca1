"""Address × method × role × tenant: every cell is declared, none answers otherwise (quality bar S1)."""

from collections import Counter
from collections.abc import Iterator

import pytest

from huyuan.ledgers.declaration import LEDGERS
from huyuan.ledgers.importing import IMPORTERS
from tests.access.declared import EXPECTED
from tests.access.expectations import ALL, EVERYBODY, METHODS, SAMPLE, Expect
from tests.access.resolver import Address, addresses
from tests.access.scene import Caller, Scene


def declarations(name: str) -> tuple[Expect, ...]:
    """One for most addresses; one for each ledger or importer where the address names which."""
    found = EXPECTED[name]
    return found if isinstance(found, tuple) else (found,)


def area(address: Address) -> str:
    return address.name.split(":")[0] if ":" in address.name else "sign-in"


def test_every_address_is_declared_and_every_declaration_has_its_address():
    routes = Counter(address.name for address in addresses())
    assert not [a for a in addresses() if routes[a.name] > 1], "two routes of one name: only one would be tried"
    names = set(routes)
    assert names == set(EXPECTED), f"not declared: {names - set(EXPECTED)}; gone: {set(EXPECTED) - names}"


@pytest.mark.parametrize("name", ["ledgers:print", "ledgers:save_view"])
def test_every_ledger_is_declared(name):
    assert {expect.things for expect in declarations(name)} == {f"ledger {key}" for key in LEDGERS}


def test_every_column_set_is_declared():
    sets = {f"columns {key} {columns.key}" for key, ledger in LEDGERS.items() for columns in ledger.column_sets}
    assert {expect.things for expect in declarations("ledgers:export")} == sets


@pytest.mark.parametrize(
    ("name", "thing"),
    [(f"ledgers:{name}", "importer") for name in ("give", "template")]
    + [(f"ledgers:{name}", "run") for name in ("import_run", "error_sheet", "apply", "drop")],
)
def test_every_importer_is_declared(name, thing):
    assert {expect.things for expect in declarations(name)} == {f"{thing} {key}" for key in IMPORTERS}


def acceptable(method: str, declared: int) -> set[int]:
    """A method that an address does not offer may say so instead of refusing the person."""
    return {declared, 405} if declared >= 300 or method == "HEAD" else {declared}


def cells(expect: Expect, scene: Scene) -> Iterator[tuple[Caller, str, set[int]]]:
    """Who asks, how, and the statuses that were declared for it."""
    for method in METHODS:
        outside = {expect.outside(method), 405}
        yield scene.stranger, method, outside
        for part in ALL:
            if expect.by_token and part in EVERYBODY:
                yield scene.token(part), method, acceptable(method, expect.status(method, part))
            elif not expect.by_token:
                yield scene.session(part), method, acceptable(method, expect.status(method, part))
        for part in SAMPLE:
            if expect.by_token:
                yield scene.session(part), method, outside
            if expect.foreign is not None:
                caller = scene.token(part, foreign=True) if expect.by_token else scene.session(part, foreign=True)
                yield caller, method, {expect.foreign, 405}


@pytest.mark.parametrize("part", sorted({area(address) for address in addresses()}))
def test_every_cell_answers_as_declared(part, cast, foreign):
    scene, wrong, count = Scene(cast, foreign), [], 0
    for address in addresses():
        for expect in declarations(address.name) if area(address) == part else ():
            url, body = scene.url_of(address.name, expect.things), scene.body_of(address.name)
            for caller, method, declared in cells(expect, scene):
                count += 1
                status = caller.ask(method, url, body)
                if status not in declared:
                    wrong.append(f"{address.name} {expect.things} {method} {caller}: {status}, not {sorted(declared)}")
    print(f"{part}: {count} cells")
    assert not wrong, f"{len(wrong)} of {count} cells answer otherwise:\n" + "\n".join(wrong)
