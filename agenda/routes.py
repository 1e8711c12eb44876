"""The agenda over HTTP."""

from typing import Any

routes: list[Any] = []
