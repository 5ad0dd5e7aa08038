"""The command line, ``gql-sales`` or ``python -m gql_sales``; each command imports what it needs when it runs."""

import os
import sys
from importlib.metadata import version

from cyclopts import App

app = App(
    name="gql-sales",
    version=lambda: version("gql-sales"),
    help='The sales-order backend for everything after "buy", as a GraphQL API.',
    version_flags=["--version"],
)
COMMANDS = {
    "demo": "Show a shop with data, GraphiQL and tokens; needs no database.",
    "serve": "Serve the API.",
    "worker": "Do what servers do beside requests.",
    "migrate": "Bring the database up to the program.",
    "import_": "Import sales from a file.",
    "verify": "Recompute every invariant and report what is broken.",
    "lifecycles": "Print what can happen to every document.",
    "export_schema": "Write the GraphQL schema files.",
}
for command, summary in COMMANDS.items():
    app.command(f"gql_sales.commands.{command}:{command}", name=command.strip("_").replace("_", "-"), help=summary)
app.command("gql_sales.commands.revise:revise", name="revise", help="Write a migration.", show=False)


def main() -> None:
    """Run the command that the arguments name; a reader that had enough, such as ``head``, is no error."""
    try:
        app()
    except BrokenPipeError:
        # Python writes what is left when it ends, so it gets a place to write to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
