from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AttachmentsConfig(AppConfig):
    name = "huyuan.attachments"

    def ready(self) -> None:
        """Let every app register what it declares in its `access` module."""
        autodiscover_modules("access")
