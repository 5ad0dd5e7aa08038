"""The live order board: a page of plain files that come with the program and use nothing but the public API."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

FOLDER = Path(__file__).parent / "board"
INDEX = "index.html"
MEDIA_TYPES = {
    ".css": "text/css",
    ".graphql": "application/graphql",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Nothing from elsewhere and nothing inline; text never becomes markup, so that no customer's name can run."""


def board_routes() -> list[BaseRoute]:
    """The page at /board and its files below it, read once."""
    files = {path.name: path for path in sorted(FOLDER.iterdir()) if path.suffix in MEDIA_TYPES}
    page = _route("/board", files.pop(INDEX))
    return [page, *(_route(f"/board/{name}", path) for name, path in files.items())]


def _route(address: str, path: Path) -> Route:
    content = path.read_bytes()
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}

    async def show(_request: Request) -> Response:
        return Response(content, media_type=MEDIA_TYPES[path.suffix], headers=headers)

    return Route(address, show)
