"""Distillation of the small classifier (docs/model-card.md); nothing here is shipped."""
