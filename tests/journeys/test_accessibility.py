"""Every distinct rendering of every page, on phone and desk, light and dark: no violation of WCAG 2.2 AA (bar S14)."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from conftest import Clock
from tests.access.resolver import Address
from tests.browser import DESK, PHONE, Visitors
from tests.journeys.renderings import Rendering, all_addresses, distinct, one_of_each, renderings
from tests.journeys.scene import LATER, Scene
from tests.journeys.walking import sign_in

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERYTHING = {"runOnly": RULES, "resultTypes": ["violations"]}
# Light or dark differ in colours only.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
# The addresses in parts that take about as long as each other; the last takes what is in no other.
AREAS = {
    "hazards": "checks/hazards",
    "checks": "checks/",
    "account": "account/",
    "people": "people/",
    "emergency": "emergency/",
    "pages": "",
}
OPEN_EVERYTHING = "document.querySelectorAll('details:not(.hy-menu)').forEach((part) => { part.open = true; })"
RUN = """async (rules) => (await axe.run(document, rules)).violations.flatMap(
  (found) => found.nodes.map((node) => `${found.id}: ${node.target.join(' ')}: ${node.failureSummary.replace(/\\s+/g, ' ')}`))"""


def addresses_of(area: str) -> list[Address]:
    """The addresses that are looked at in one test."""
    return [
        one
        for one in all_addresses()
        if area == next(key for key, begin in AREAS.items() if one.route.startswith(begin))
    ]


def shown(page: Page, address: str, rendering: Rendering) -> None:
    """Put a rendering before the browser as the server answered it."""
    url = address + rendering.url

    def answer(route: Route) -> None:
        route.fulfill(status=200, headers=rendering.headers, body=rendering.html)

    page.route(url, answer, times=1)
    page.goto(url)
    page.evaluate(OPEN_EVERYTHING)


def theme(page: Page, name: str) -> None:
    page.evaluate("(name) => { document.documentElement.dataset.bsTheme = name; }", name)


def problems(page: Page, rules: dict) -> list[str]:
    """What axe finds."""
    return page.evaluate(RUN, rules)


def width(page: Page) -> list[str]:
    """Nothing makes the page scroll sideways."""
    across = page.evaluate("document.scrollingElement.scrollWidth")
    return [f"{across} pixels wide on {PHONE['width']}"] if across > PHONE["width"] else []


def basics(page: Page, language: str) -> list[str]:
    """Title, language, one first heading."""
    wrong = []
    if not page.title().split("·")[0].strip():
        wrong.append("no title")
    if page.locator("html").get_attribute("lang") != language:
        wrong.append(f"lang is not {language}")
    if page.locator("h1").count() != 1:
        wrong.append(f"{page.locator('h1').count()} first headings")
    return wrong


def look(page: Page, address: str, rendering: Rendering) -> list[str]:
    """One rendering on desk and phone, light and dark."""
    page.set_viewport_size(DESK)
    shown(page, address, rendering)
    wrong = basics(page, "zh-hans")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        where = "phone" if size is PHONE else "desk"
        for name, rules in (("light", EVERYTHING), ("dark", COLOURS)):
            theme(page, name)
            wrong += [f"{where}, {name}: {problem}" for problem in problems(page, rules)]
    return wrong + width(page)


def told(wrong: dict[str, list[Rendering]]) -> str:
    """The problems, each once, with a page to see it on."""
    return "\n".join(f"{len(where)} × {problem}\n    first on {where[0]}" for problem, where in wrong.items())


@pytest.fixture
def scene(server: str, clock: Clock) -> Scene:
    """The county, some days later."""
    made = Scene()
    clock.set(LATER)
    return made


@pytest.fixture
def page(visitors: Visitors) -> Page:
    """A page in which axe is ready, and nothing moves."""
    context = visitors.context(DESK, reduced_motion="reduce")
    # Nobody is signed in behind the pages that ask the server again by themselves.
    visitors.expected |= {"status of 401", "status of 403"}
    context.add_init_script(path=AXE)
    return context.new_page()


@pytest.mark.browser
@pytest.mark.parametrize("area", AREAS)
def test_nobody_is_kept_out(visitors: Visitors, page: Page, scene: Scene, area: str):
    wrong: dict[str, list[Rendering]] = {}
    for rendering in distinct(renderings(scene, addresses_of(area))):
        for problem in look(page, visitors.address, rendering):
            wrong.setdefault(problem, []).append(rendering)
    assert not wrong, told(wrong)


@pytest.mark.browser
def test_english_fits_a_phone_too(visitors: Visitors, page: Page, scene: Scene):
    page.set_viewport_size(PHONE)
    wrong: dict[str, list[Rendering]] = {}
    for rendering in one_of_each(scene, all_addresses(), "en"):
        shown(page, visitors.address, rendering)
        for problem in basics(page, "en") + problems(page, EVERYTHING) + width(page):
            wrong.setdefault(problem, []).append(rendering)
    assert not wrong, told(wrong)


@pytest.mark.browser
def test_menus_open_and_close_by_keyboard(page: Page, scene: Scene):
    sign_in(page, scene.cast.bureau.phone)
    wrong: list[str] = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.goto(reverse("inspections:hazards"))
        menus = page.locator("details.hy-menu")
        assert menus.count() == 2
        for menu in menus.all():
            menu.locator("summary").focus()
            page.keyboard.press("Enter")
            expect(menu.locator(".hy-menu-panel")).to_be_visible()
            wrong += problems(page, EVERYTHING) + (width(page) if size is PHONE else [])
            theme(page, "dark")
            wrong += problems(page, COLOURS)
            theme(page, "light")
            page.keyboard.press("Escape")
            expect(menu.locator(".hy-menu-panel")).to_be_hidden()
            expect(menu.locator("summary")).to_be_focused()
    assert not wrong, "\n".join(wrong)
