"""Key events, pastes and logged values of a session back to the texts that were typed."""

from transforms.keystrokes.reconstruct import reconstruct

__all__ = ["reconstruct"]
