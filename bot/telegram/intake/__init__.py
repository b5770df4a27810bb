"""How updates come in: fetched, or brought to a webhook."""
