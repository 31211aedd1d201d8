"""How the small classifier was made (docs/model-card.md); nothing here is shipped."""
