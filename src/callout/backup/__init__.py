"""Copies of everything: the backup and what brings it back, the nightly one, the full export.

Reads every table of every room, by what the database and the models say of themselves, and writes
none but its own; bringing back is the one exception, into a database where nobody works. What a
thing means is the rooms' to know.
"""
