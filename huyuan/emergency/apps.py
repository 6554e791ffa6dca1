from importlib import import_module

from django.apps import AppConfig


class EmergencyConfig(AppConfig):
    name = "huyuan.emergency"

    def ready(self) -> None:
        """Let the system checks know what this app looks at."""
        import_module("huyuan.emergency.checks")
