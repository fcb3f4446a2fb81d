"""The room `concerns`."""

from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    name = "zhibu.concerns"
    label = "concerns"
    verbose_name = "思想与关爱"
    default_auto_field = "django.db.models.BigAutoField"
