from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "zhibu.accounts"
    label = "accounts"
    verbose_name = "账号"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the doors the memory they need: the room `ui` lies beside `record` and cannot reach it itself."""
        from zhibu.accounts import checks  # noqa: F401, PLC0415 - registers itself once the settings are read
        from zhibu.record import submissions  # noqa: PLC0415 - has a model
        from zhibu.ui import doors  # noqa: PLC0415 - beside it

        doors.submissions = submissions
