from django.apps import AppConfig


class UndertakingsConfig(AppConfig):
    name = "zhibu.undertakings"
    label = "undertakings"
    verbose_name = "任务落实"
    default_auto_field = "django.db.models.BigAutoField"
