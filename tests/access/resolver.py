"""Every address the product answers to, read from the URL resolver itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver under its full name."""

    name: str
    route: str
    parameters: frozenset[str]


def addresses() -> list[Address]:
    """All patterns, those without a name under their route."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda address: address.name)


def _walk(resolver: URLResolver, spaces: str, route: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from _walk(pattern, inner, here)
        elif isinstance(pattern, URLPattern):
            name = f"{spaces}{pattern.name}" if pattern.name else here
            yield Address(name, here, frozenset(pattern.pattern.converters))
