from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "zhibu.record"
    label = "record"
    verbose_name = "留痕"
    default_auto_field = "django.db.models.BigAutoField"
