"""A route between nobody and nobody: extensions are asked without either."""

import pytest
from crossdock.contract import Route, Side, scope


@pytest.fixture
def route():
    nobody = scope({})
    return Route("test", Side("shop", nobody), Side("books", nobody), nobody)
