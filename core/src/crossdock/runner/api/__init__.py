"""The API for operators: what can be seen and done from elsewhere, with a token and a role."""

from crossdock.runner.api.doors import Api
from crossdock.runner.api.openapi import document

__all__ = ["Api", "document"]
