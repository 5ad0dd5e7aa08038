"""Refusals that only customers have."""

from gql_sales.kernel.errors import SalesError


class EmailRequired(SalesError):
    """The kind of customer needs an e-mail address."""


class EmailNotVerified(SalesError):
    """The login does not show that the e-mail address is the caller's."""


class AlreadyRegistered(SalesError):
    """The login has a customer record already."""
