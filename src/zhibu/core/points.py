"""Exact arithmetic of points: micro-points for parts, hundredths for what is shown and ranked."""

from __future__ import annotations

from .norms import MICRO_PER_HUNDREDTH


def half_up(numerator: int, denominator: int) -> int:
    """The quotient of two whole numbers (neither negative, the divisor positive), rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def hundredths_of(micro: int) -> int:
    """Micro-points as hundredths of a point, half up."""
    return half_up(micro, MICRO_PER_HUNDREDTH)


def micro_of(hundredths: int) -> int:
    """Hundredths of a point as micro-points, exactly."""
    return hundredths * MICRO_PER_HUNDREDTH


def shown(hundredths: int) -> str:
    """Hundredths as a number with two places: 9567 is "95.67"."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"
