"""What a process remembers, in tests: never forgotten while a test runs, however slow the machine is."""

from django.core.cache.backends.locmem import LocMemCache


class Steady(LocMemCache):
    """Forgets nothing with time, so that a test which counts queries counts the same ones every time."""

    def get_backend_timeout(self, *_timeout):
        return None
