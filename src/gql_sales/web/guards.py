"""Checks of the caller's scopes that run before a field or an abstract type is resolved."""

from collections.abc import Callable, Mapping
from typing import Any

from gql_sales.kernel.principals import Principal, PrincipalKind
from gql_sales.kernel.request_errors import Code, RequestError, Unauthenticated
from gql_sales.web.needs import FREE, Needs, is_met


def guarded(resolve: Callable[..., Any], needs: Needs) -> Callable[..., Any]:
    """The resolver behind a check of the caller's scopes."""

    def check_then_resolve(source: Any, info: Any, **arguments: Any) -> Any:  # noqa: ANN401 (of any field)
        demand(info.context.principal, needs)
        return resolve(source, info, **arguments)

    return check_then_resolve


def guarded_type(resolve_type: Callable[..., Any], needs: Mapping[str, Needs]) -> Callable[..., Any]:
    """The type resolver of an interface or union, with a check of what the found type needs."""

    def found(name: str | None, info: Any) -> str | None:  # noqa: ANN401 (graphql-core's info)
        if name is not None:
            demand(info.context.principal, needs.get(name, FREE))
        return name

    async def wait(name: Any, info: Any) -> str | None:  # noqa: ANN401 (an awaitable name)
        return found(await name, info)

    def resolve_then_check(value: Any, info: Any, abstract: Any) -> Any:  # noqa: ANN401 (of any type)
        name = resolve_type(value, info, abstract)
        return wait(name, info) if hasattr(name, "__await__") else found(name, info)

    return resolve_then_check


def demand(principal: Principal, needs: Needs) -> None:
    """UNAUTHENTICATED for a caller without a login, FORBIDDEN for one whose scopes do not meet the needs."""
    if is_met(needs, principal.scopes):
        return
    if principal.kind is PrincipalKind.ANONYMOUS:
        raise Unauthenticated("A login is needed.")
    wanted = sorted(sorted(alternative) for alternative in needs)
    raise RequestError(Code.FORBIDDEN, "A scope is missing.", requiredScopes=wanted)
