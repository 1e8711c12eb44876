"""The id of the request that is being answered, for what is done on its behalf."""

from contextvars import ContextVar

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""Letters, digits, dots, hyphens and underscores alone; empty outside any request. Requests that are one transaction
are joined by `+`."""
