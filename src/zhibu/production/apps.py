from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "zhibu.production"
    label = "production"
    verbose_name = "中心工作"
    default_auto_field = "django.db.models.BigAutoField"
