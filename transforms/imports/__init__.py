"""Parts of large packages without the rest of them: what a command waits for before it reads its first record."""

from transforms.imports.lazy import lazy_packages

__all__ = ["lazy_packages"]
