from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SearchConfig(AppConfig):
    name = "huyuan.search"

    def ready(self) -> None:
        """Let every app register what it declares in its `access` module."""
        autodiscover_modules("access")
