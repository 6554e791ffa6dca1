from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PeopleConfig(AppConfig):
    name = "huyuan.people"

    def ready(self) -> None:
        """Let every app register what follows a change of posts (`postings`) and what a reset closes (`resets`)."""
        autodiscover_modules("postings", "resets")
