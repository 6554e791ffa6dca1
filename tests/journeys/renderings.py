"""Every distinct rendering of every page: one in which some element stands where none stood before, whatever its words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from factories import PASSWORD
from tests.access.declared import EXPECTED
from tests.access.expectations import ALL, Expect
from tests.access.resolver import Address, addresses
from tests.journeys.scene import QUERIES, Scene

STRANGER = "stranger"
FORM = "application/x-www-form-urlencoded"
TELLING = ("role", "type", "aria-current", "aria-pressed", "checked", "disabled", "hidden", "open", "lang")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Node:
    """An element: what tells it apart, and what is in it."""

    tag: str
    label: str
    children: list["Node"] = field(default_factory=list)

    def places(self, above: str = "") -> Iterator[str]:
        """Every element with all elements it stands in and the kinds of elements in it; an icon is an icon."""
        here = f"{above}/{self.label}"
        inside = [] if self.tag == "svg" else self.children
        yield f"{here}: {sorted({child.label for child in inside})}"
        for child in inside:
            yield from child.places(here)


class Skeleton(HTMLParser):
    """Reads a page into its elements."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = [Node("", "")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        telling = [f"{name}={given[name]}" for name in TELLING if name in given]
        words = [] if tag == "svg" else [tag, *sorted((given.get("class") or "").split()), *telling]
        node = Node(tag, " ".join(words) or tag)
        self.stack[-1].children.append(node)
        if tag not in VOID:
            self.stack.append(node)

    def handle_endtag(self, tag: str) -> None:
        while len(self.stack) > 1 and self.stack.pop().tag != tag:
            pass


def places_in(html: str) -> set[str]:
    """The places of a page."""
    skeleton = Skeleton()
    skeleton.feed(html)
    return set(skeleton.stack[0].places())


@dataclass(frozen=True)
class Rendering:
    """A page as somebody saw it."""

    address: str
    part: str
    method: str
    url: str
    status: int
    html: str
    headers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.address} as {self.part} ({self.status}, {self.url})"


class Readers:
    """Test clients that stay signed in, one for each part of the cast."""

    def __init__(self, scene: Scene, language: str) -> None:
        self.scene, self.language = scene, language
        self.clients = {STRANGER: self.client()}

    def client(self) -> Client:
        """A client whose pages are in the language."""
        client = Client(HTTP_HOST="localhost")
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = self.language
        return client

    def __getitem__(self, part: str) -> Client:
        if part not in self.clients:
            user, client = self.scene.cast.users[part], self.client()
            user.language = self.language
            user.save(update_fields=["language"])
            client.force_login(user)
            # Pages about the second step ask for the password once more.
            client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
            self.clients[part] = client
        return self.clients[part]


def readers_of(expect: Expect) -> list[str]:
    """Everybody who gets the page, and one who is refused."""
    getting = [part for part in ALL if expect.status("GET", part) in (200, 302)]
    refused = [part for part in ALL if expect.status("GET", part) in (403, 404)]
    return [*getting, *refused[:1], STRANGER]


def urls_of(scene: Scene, address: Address) -> list[str]:
    """The address with everything that fills it."""
    school = scene.things["school"][0]["code"]
    paths = [reverse(address.name, kwargs=kwargs) for kwargs in scene.kwargs(EXPECTED[address.name].things)]
    return [path + query.format(school=school) for path in paths for query in QUERIES.get(address.name, ("",))]


def renderings(scene: Scene, wanted: list[Address]) -> Iterator[Rendering]:
    """Each page of these addresses as it is shown to everybody, and what its form answers when nothing is filled in."""
    readers = Readers(scene, "zh-hans")
    for address in wanted:
        for url in urls_of(scene, address):
            for place, part in enumerate(readers_of(EXPECTED[address.name])):
                methods = ("GET", "POST") if place == 0 else ("GET",)
                yield from asked(readers[part], part, address.name, url, methods)


def one_of_each(scene: Scene, wanted: list[Address], language: str) -> Iterator[Rendering]:
    """One page of each address in another language."""
    readers = Readers(scene, language)
    for address in wanted:
        part = readers_of(EXPECTED[address.name])[0]
        for url in urls_of(scene, address)[:1]:
            yield from asked(readers[part], part, address.name, url, ("GET",))


def asked(client: Client, part: str, name: str, url: str, methods: tuple[str, ...]) -> Iterator[Rendering]:
    """What one reader gets; a POST fills nothing in, and nothing of it stays."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    for method in methods:
        with transaction.atomic():
            response: HttpResponse = client.generic(method, url, "sent=1", content_type=FORM)
            transaction.set_rollback(True)
        # Whoever signed out is in again: the session was rolled back with everything else.
        client.cookies.load(cookies)
        if response.headers.get("Content-Type", "").startswith("text/html") and not 300 <= response.status_code < 400:
            html = response.content.decode()
            if "<html" in html:
                yield Rendering(name, part, method, url, response.status_code, html, dict(response.headers))


def distinct(found: Iterator[Rendering]) -> list[Rendering]:
    """The renderings in which something stands where it was not met before, and one of each address."""
    met: set[str] = set()
    first: list[Rendering] = []
    for one in found:
        places = places_in(one.html) | {one.address}
        if not places <= met:
            first.append(one)
        met |= places
    return first


def all_addresses() -> list[Address]:
    """Every declared address."""
    return [address for address in addresses() if address.name in EXPECTED]
