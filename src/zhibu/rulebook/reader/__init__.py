"""The one reader of the rulebook: strict YAML, every problem at once, examples run before anything is accepted."""

from .problems import Problem, RulebookError
from .reading import Report, effective, read

__all__ = ["Problem", "Report", "RulebookError", "effective", "read"]
