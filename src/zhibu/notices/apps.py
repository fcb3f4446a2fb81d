from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "zhibu.notices"
    label = "notices"
    verbose_name = "公开"
    default_auto_field = "django.db.models.BigAutoField"
