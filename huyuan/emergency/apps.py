from django.apps import AppConfig


class EmergencyConfig(AppConfig):
    name = "huyuan.emergency"
