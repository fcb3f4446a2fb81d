from __future__ import annotations

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "zhibu.procedures"
    label = "procedures"
    verbose_name = "程序"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Open cases of a person go where the person goes, and end with the belonging: the register tells of both. A talk is a step.
        How published cases ended is told on the public board.
        """
        from zhibu.life.actions import papers  # noqa: PLC0415 - models may be read only now
        from zhibu.notices import gathering  # noqa: PLC0415 - as above
        from zhibu.procedures.actions import following, serving  # noqa: PLC0415 - as above
        from zhibu.procedures.queries.told import on_board  # noqa: PLC0415 - as above
        from zhibu.register.actions import belonging  # noqa: PLC0415 - as above

        gathering.register(on_board)
        belonging.when_moved = following.follow
        belonging.when_left = following.left
        papers.when_recorded = serving.serve
