from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "zhibu.assessment"
    label = "assessment"
    verbose_name = "考评"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A step of a case that asks for what the assessment knows has it filled in."""
        from zhibu.assessment.queries import supplied  # noqa: PLC0415 - models may be read only now
        from zhibu.procedures import supplying  # noqa: PLC0415 - as above

        supplying.supply = supplied.of_case
