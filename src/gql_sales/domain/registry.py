"""Loads every verb, so that whoever looks at the declarations sees all of them."""

import importlib
import pkgutil
from functools import cache

from gql_sales import domain


@cache
def load_all() -> None:
    """Import every module of the domain; once."""
    for module in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
        importlib.import_module(module.name)
