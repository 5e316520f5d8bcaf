"""The full export: everything as tables for people and programs, and the files, in one zip."""
