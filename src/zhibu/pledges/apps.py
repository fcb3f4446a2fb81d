from django.apps import AppConfig


class PledgesConfig(AppConfig):
    name = "zhibu.pledges"
    label = "pledges"
    verbose_name = "双亮"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.pledges.queries import held  # noqa: PLC0415 - models may be read only now
        from zhibu.undertakings import policies  # noqa: PLC0415 - beside it

        # a pledge that stands on the public board is taken down before it is given up
        policies.held = held
