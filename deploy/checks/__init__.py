"""Our own policy checks for checkov: what its stock checks let through."""

from pathlib import Path

__all__ = [path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__"]
