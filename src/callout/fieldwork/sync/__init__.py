"""How the phone and the server agree: commands up, documents down (docs/sync.md)."""
