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
    """One for most addresses; one for each ledger or importer where the address says which."""
    return EXPECTED[name].each or (EXPECTED[name],)


def area(address: Address) -> str:
    return address.name.split(":")[0] if ":" in address.name else "sign-in"


def test_every_address_is_declared_and_every_declaration_has_its_address():
    routes = Counter(address.name for address in addresses())
    assert not [a for a in addresses() if routes[a.name] > 1], "two routes of one name: only one would be tried"
    names = set(routes)
    assert names == set(EXPECTED), f"not declared: {names - set(EXPECTED)}; gone: {set(EXPECTED) - names}"


def column_sets() -> set[str]:
    return {f"{key} {columns.key}" for key, ledger in LEDGERS.items() for columns in ledger.column_sets}


@pytest.mark.parametrize(
    ("names", "there"),
    [
        (("print", "save_view", "column_sets"), set(LEDGERS)),
        (("export",), column_sets()),
        (("give", "template", "import_run", "error_sheet", "apply", "drop"), set(IMPORTERS)),
    ],
    ids=["ledgers", "column sets", "importers"],
)
def test_every_ledger_and_importer_is_declared(names, there):
    for name in names:
        assert {expect.which for expect in declarations(f"ledgers:{name}")} == there, name


def acceptable(method: str, declared: int) -> set[int]:
    """A method that an address does not offer may say so instead of refusing the person."""
    return {declared, 405} if declared >= 300 or method == "HEAD" else {declared}


def cells(expect: Expect, scene: Scene) -> Iterator[tuple[Caller, str, set[int]]]:
    """Who asks, how, and the statuses that were declared for it."""
    for method in METHODS:
        outside = {expect.outside(method), 405}
        yield scene.stranger, method, outside
        for part in ALL:
            if not expect.tokens:
                yield scene.session(part), method, acceptable(method, expect.status(method, part))
            elif part in EVERYBODY:
                yield scene.token(part), method, acceptable(method, expect.status(method, part))
        for part in SAMPLE:
            if expect.tokens:
                yield scene.session(part), method, outside
            if expect.foreign is not None:
                caller = scene.token(part, foreign=True) if expect.tokens else scene.session(part, foreign=True)
                yield caller, method, {expect.foreign, 405}


@pytest.mark.parametrize("part", sorted({area(address) for address in addresses()}))
def test_every_cell_answers_as_declared(part, cast, foreign):
    scene, wrong, count = Scene(cast, foreign), [], 0
    for address in addresses():
        for expect in declarations(address.name) if area(address) == part else ():
            url, body = scene.url_of(address.name, expect.thing), scene.body_of(address.name)
            for caller, method, declared in cells(expect, scene):
                count += 1
                status = caller.ask(method, url, body)
                if status not in declared:
                    wrong.append(f"{address.name} {expect.thing} {method} {caller}: {status}, not {sorted(declared)}")
    print(f"{part}: {count} cells")
    assert not wrong, f"{len(wrong)} of {count} cells answer otherwise:\n" + "\n".join(wrong)
