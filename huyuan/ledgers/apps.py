from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LedgersConfig(AppConfig):
    name = "huyuan.ledgers"

    def ready(self) -> None:
        """Let every app register what it declares in its `ledgers` module."""
        autodiscover_modules("ledgers")
