from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "zhibu.letters"
    label = "letters"
    verbose_name = "来信"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answers and posts are told on the public board."""
        from zhibu.letters.queries.told import on_board  # noqa: PLC0415 - models may be read only now
        from zhibu.notices import gathering  # noqa: PLC0415 - beside it

        gathering.register(on_board)
