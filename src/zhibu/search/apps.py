"""The room `search`."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "zhibu.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"
