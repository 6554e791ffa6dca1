from django.apps import AppConfig


class GuardpostsConfig(AppConfig):
    name = "huyuan.guardposts"
