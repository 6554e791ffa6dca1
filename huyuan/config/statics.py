"""Page assets: our own files, and files of npm packages that are listed here by name; nothing else is served."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

MODULES = Path(settings.BASE_DIR) / "node_modules"
NAMED = {
    "vendor/tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/htmx.js": "htmx.org/dist/htmx.min.js",
    "vendor/idiomorph.js": "idiomorph/dist/idiomorph-ext.min.js",
    "vendor/echarts.js": "echarts/dist/echarts.common.min.js",
    "vendor/leaflet.css": "leaflet/dist/leaflet.css",
    "vendor/leaflet.js": "leaflet/dist/leaflet.js",
    "vendor/images/layers.png": "leaflet/dist/images/layers.png",
    "vendor/images/layers-2x.png": "leaflet/dist/images/layers-2x.png",
    "vendor/images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
}


class NamedFilesFinder(BaseFinder):
    """Finds the listed files of npm packages under the names given to them here."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Nothing to configure."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file behind a public name."""
        file = MODULES / NAMED[path] if path in NAMED else None
        found = [str(file)] if file and file.exists() else []
        return found if find_all else (found[0] if found else None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Every listed file with a storage that opens it under its public name."""
        storage = NamedStorage(location=MODULES)
        for name in NAMED:
            yield name, storage


class NamedStorage(FileSystemStorage):
    """Opens a listed file under its public name."""

    def path(self, name: str) -> str:
        """Where the file lies."""
        return super().path(NAMED[name])


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Names carry the digest of the content, so that browsers keep them for ever.

    Source maps are not followed: the packages name some they do not ship. Of modules
    only ours are: some of a package name modules that are not there.
    """

    patterns = (
        *(
            (
                glob,
                tuple(rule for rule in rules if "sourceMappingURL" not in (rule if isinstance(rule, str) else rule[0])),
            )
            for glob, rules in CompressedManifestStaticFilesStorage.patterns
        ),
        ("huyuan/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1]),  # type: ignore[attr-defined]  # Django's own, not in its stubs
    )

    def stored_name(self, name: str) -> str:
        """The hashed name; before the first collecting, the plain one."""
        return str(self.hashed_files.get(self.hash_key(self.clean_name(name)), name))
