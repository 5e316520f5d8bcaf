"""Backup and export: how it stands with backups, and everything to take away. For admins."""
