from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "zhibu.premises"
    label = "premises"
    verbose_name = "阵地"
    default_auto_field = "django.db.models.BigAutoField"
