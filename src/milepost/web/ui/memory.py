"""What one process remembers for a minute, so that it need not ask or write it again.

The other cache, Django's default one, is a table that all processes share: there the limits of sign-in and of
the API count.
"""

from typing import Any

from django.core.cache import caches
from django.utils.connection import ConnectionProxy

_caches: Any = caches
cache: Any = ConnectionProxy(_caches, "memory")
