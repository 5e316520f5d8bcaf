"""A password hasher for tests."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """The real one with the least work: what it stores, the real server can verify."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
