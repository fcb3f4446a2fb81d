from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "zhibu.project"
    label = "project"
    verbose_name = "支部"
    default_auto_field = "django.db.models.BigAutoField"
