"""What all tests stand on: a real PostgreSQL, one database for each process, a real server."""
