"""A product of the test's own, and browsers that visit it."""

from collections.abc import Iterator

import pytest

from huyuan.config.catalogue import CATALOGUE
from tests.browser import Visitors, served, visitors_at


@pytest.fixture
def server(own_database: str, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The product on a database of its own; gives its address."""
    compiled = CATALOGUE.with_suffix(".mo").exists()
    assert compiled, "The Chinese catalogue is not compiled: run `make test`, or `manage.py messages compile`."
    # The browser's driver keeps an event loop in this thread; the test's own queries wait for nobody there.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    settings.STREAMS = ""
    with served() as address:
        settings.ADDRESS = address
        yield address


@pytest.fixture
def visitors(server: str) -> Iterator[Visitors]:
    """Browsers at the product."""
    with visitors_at(server) as found:
        yield found
