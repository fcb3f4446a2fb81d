"""What the engine refuses, in sentences that say what to do instead."""

from __future__ import annotations


class EngineError(RuntimeError):
    """An assessment could not be computed as asked; the text names the remedy."""


class ExtraMissingError(EngineError):
    """A package of the extra `large` is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f"The package {package} is not installed: it belongs to large installations."
            " Install zhibu[large], or compute on the database itself (leave `engine` out)."
        )


class ExportUnfitError(EngineError):
    """An export is absent, damaged, or lacks what the rulebook reads."""
