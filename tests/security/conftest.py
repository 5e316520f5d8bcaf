from tests.api.conftest import module_world, world
from tests.security.people import module_people, people

__all__ = ["module_people", "module_world", "people", "world"]
