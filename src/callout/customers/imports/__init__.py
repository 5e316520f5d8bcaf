"""Customers, sites and assets from a table: read, looked at, then done by the ordinary services.

A file is read once when it is sent (`reading`), its columns are guessed (`columns`) and may be
chosen otherwise. A job then judges each row without touching anything (`judging`, `checking`);
once confirmed, another does what was shown, row by row (`running`).
"""
