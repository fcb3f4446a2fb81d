from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "zhibu.ballots"
    label = "ballots"
    verbose_name = "投票"
    default_auto_field = "django.db.models.BigAutoField"
