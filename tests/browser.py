"""A live product and real browsers for tests: pages are served from threads of the test, so its clock holds there too."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright
from procrastinate.contrib.django import app

from huyuan.emergency.press_address import PressAddress
from huyuan.emergency.tests.pressing import end

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "Chromium is missing, so the browser tests cannot run: install it with `apt-get install chromium`."
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE = ViewportSize(width=360, height=740)
DESK = ViewportSize(width=1280, height=800)
PATIENCE = 30_000

expect.set_options(timeout=PATIENCE)


class Pages(ThreadedWSGIServer):
    """Serves the pages; its threads end before the database they read from is dropped."""

    daemon_threads = False


@contextmanager
def served() -> Iterator[str]:
    """The product on a free port; gives its address."""
    server = Pages(("127.0.0.1", 0), QuietWSGIRequestHandler)
    address = PressAddress(WSGIHandler())
    server.set_app(address)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        if address.made is not None:
            end(address.made)


async def worker_until_idle() -> None:
    """Do the jobs that wait, in one thread whose connections are closed afterwards."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    worker = app.with_connector(app.connector.get_worker_connector())
    async with worker.open_async():
        await worker.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
    await loop.run_in_executor(None, connections.close_all)


def do_jobs() -> None:
    """Let a worker do the jobs that wait; in a thread, because the browser's driver keeps this one's event loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, worker_until_idle()).result()


@dataclass
class Visitors:
    """Browsers of different people at one product. Whatever a browser complains about is kept."""

    browser: Browser
    address: str
    complaints: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=lambda: {"Service Worker registration blocked"})

    def phone(self, **options) -> Page:
        """Somebody's phone, 360 pixels wide."""
        return self.context(PHONE, has_touch=True, is_mobile=True, **options).new_page()

    def desk(self, **options) -> Page:
        """Somebody's desk."""
        return self.context(DESK, **options).new_page()

    def context(self, viewport: ViewportSize, **options) -> BrowserContext:
        """A browser of its own: own cookies, watched."""
        settings = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "base_url": self.address} | options
        # What a phone keeps would stand between the pages and the tests that hold their requests.
        settings.setdefault("service_workers", "block")
        context = self.browser.new_context(viewport=viewport, **settings)
        context.set_default_timeout(PATIENCE)
        context.on("page", self.watch)
        return context

    def watch(self, page: Page) -> None:
        """Keep what this page complains about: script errors, refused loads, strangers asked for anything."""
        page.on("pageerror", lambda error: self.complain(page, f"script: {error}"))
        page.on("console", lambda said: said.type in ("error", "warning") and self.complain(page, said.text))
        page.on("request", lambda request: self.outside(request.url) and self.complain(page, f"asks {request.url}"))
        page.on(
            "response", lambda answer: answer.status >= 500 and self.complain(page, f"{answer.status} {answer.url}")
        )

    def outside(self, url: str) -> bool:
        """Whether an address is not the product's own."""
        return not url.startswith((self.address, "data:", "blob:", "about:"))

    def complain(self, page: Page, text: str) -> None:
        """Keep a complaint unless the test expects it."""
        if not any(part in text for part in self.expected):
            self.complaints.append(f"{page.url}: {text}")


def chromium() -> str:
    """The path of the system's Chromium; a missing one fails the test, it is never skipped."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    assert found, MISSING
    return found


@contextmanager
def visitors_at(address: str) -> Iterator[Visitors]:
    """A browser for one test; at its end nothing may have been complained about."""
    program = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        visitors = Visitors(browser, address)
        try:
            yield visitors
        finally:
            browser.close()
            # Connections made beside a running event loop are kept apart from this thread's others.
            connections.close_all()
    assert not visitors.complaints, "\n".join(visitors.complaints)
