from django.apps import AppConfig


class IntegrityConfig(AppConfig):
    name = "zhibu.integrity"
    label = "integrity"
    verbose_name = "党风廉政"
    default_auto_field = "django.db.models.BigAutoField"
