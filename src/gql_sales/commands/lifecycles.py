"""Shows what can happen to every document, read off the declarations that the program runs by."""


def lifecycles() -> None:
    """Print states, transitions, guards and reactions of every document."""
    from gql_sales.domain.lifecycles import describe

    print(describe())
