from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OrganisationsConfig(AppConfig):
    name = "huyuan.organisations"

    def ready(self) -> None:
        """Let every app register what follows a school, in its `reassignments` module."""
        autodiscover_modules("reassignments")
