"""Settings, Webhooks: where other programs are told, and the log of it. Admins only."""
