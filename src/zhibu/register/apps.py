from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "zhibu.register"
    label = "register"
    verbose_name = "组织与党员"
    default_auto_field = "django.db.models.BigAutoField"
