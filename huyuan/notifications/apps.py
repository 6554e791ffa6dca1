from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotificationsConfig(AppConfig):
    name = "huyuan.notifications"

    def ready(self) -> None:
        """Let every app register what it declares in its `notices` module."""
        autodiscover_modules("notices")
