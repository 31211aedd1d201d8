"""Range checks of numeric settings."""

from schemas.errors import UsageError


def check_number(name: str, value: float, bounds: tuple[float, float]) -> None:
    """Raise ``UsageError`` unless the setting ``name`` is a number within ``bounds``, both inclusive."""
    low, high = bounds
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UsageError(f"{name} must be a number from {low:g} to {high:g}")


def check_whole(name: str, value: int, bounds: tuple[int, int]) -> None:
    """Raise ``UsageError`` unless the setting ``name`` is a whole number within ``bounds``, both inclusive."""
    low, high = bounds
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise UsageError(f"{name} must be a whole number from {low} to {high}")
