from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from huyuan.config.grants import grant_rights


class ConfigConfig(AppConfig):
    name = "huyuan.config"

    def ready(self) -> None:
        """Give the application's database role its rights after every migration."""
        # Django sends the signal only for apps with models, which this one has not.
        post_migrate.connect(grant_rights, sender=apps.get_app_config("audit"))
