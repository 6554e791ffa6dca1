from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PolicyConfig(AppConfig):
    name = "huyuan.policy"

    def ready(self) -> None:
        """Let every app register what it declares in its `worklists` and `measures` modules."""
        autodiscover_modules("worklists", "measures")
