"""GraphiQL for development: a build from a CDN, pinned by hash, or the same npm packages when installed here."""

import base64
import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

CDN = "https://unpkg.com"
LOCAL = "/graphiql"
# Package, version, path inside the package, SHA-384 of that file. The last releases that come as plain scripts.
STYLE = (
    "graphiql",
    "3.8.3",
    "graphiql.min.css",
    "Mq3vbRBY71jfjQAt/DcjxUIYY33ksal4cgdRt9U/hNPvHBCaT2JfJ/PTRiPKf0aM",
)
SCRIPTS = (
    (
        "react",
        "18.2.0",
        "umd/react.production.min.js",
        "tMH8h3BGESGckSAVGZ82T9n90ztNXxvdwvdM6UoR56cYcf+0iGXBliJ29D+wZ/x8",
    ),
    (
        "react-dom",
        "18.2.0",
        "umd/react-dom.production.min.js",
        "bm7MnzvK++ykSwVJ2tynSE5TRdN+xL418osEVF2DE/L/gfWHj91J2Sphe582B1Bh",
    ),
    (
        "graphiql",
        "3.8.3",
        "graphiql.min.js",
        "HbRVEFG0JGJZeAHCJ9Xm2+tpknBQ7QZmNlO/DgZtkZ0aJSypT96YYGRNod99l9Ie",
    ),
)
START = """
const socket = location.origin.replace(/^http/, "ws") + "/graphql";
// The demo's link carries a token behind the #, which a browser keeps to itself.
const token = new URLSearchParams(location.hash.slice(1)).get("token");
const fetcher = GraphiQL.createFetcher({ url: "/graphql", subscriptionUrl: socket });
const editor = React.createElement(GraphiQL, {
  fetcher,
  defaultQuery: `# Sent with the token below; press Ctrl-Enter.
query NewestOrders {
  orders(first: 3) {
    nodes { number summary total { amount currencyCode } }
  }
}
`,
  headers: token ? JSON.stringify({ Authorization: "Bearer " + token }, null, 2) : undefined,
  defaultHeaders: "{}",
});
ReactDOM.createRoot(document.getElementById("graphiql")).render(editor);
"""


def graphiql_routes(folder: Path) -> list[BaseRoute]:
    """The page at / and, when ``folder/node_modules`` holds the packages, their files."""
    packages = folder / "node_modules"
    is_local = all((packages / package / path).is_file() for package, _, path, _ in (STYLE, *SCRIPTS))
    text = page(is_local=is_local)
    headers = {"Content-Security-Policy": policy(is_local=is_local), "Cache-Control": "no-store"}

    async def show(_request: Request) -> Response:
        return HTMLResponse(text, headers=headers)

    routes: list[BaseRoute] = [Route("/", show)]
    if is_local:
        routes.append(Mount(LOCAL, StaticFiles(directory=packages)))
    return routes


def page(*, is_local: bool) -> str:
    """The HTML of the page; hashes hold for both sources, since the CDN serves the packages as they are."""
    scripts = "\n".join(
        f'<script src="{address(package, version, path, is_local=is_local)}" integrity="sha384-{digest}" crossorigin>'
        "</script>"
        for package, version, path, digest in SCRIPTS
    )
    package, version, path, digest = STYLE
    href = address(package, version, path, is_local=is_local)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>gql-sales</title>
<style>body {{ margin: 0; }} #graphiql {{ height: 100vh; }}</style>
<link rel="stylesheet" href="{href}" integrity="sha384-{digest}" crossorigin>
</head>
<body>
<div id="graphiql">GraphiQL is loading.</div>
{scripts}
<script>{START}</script>
</body>
</html>
"""


def address(package: str, version: str, path: str, *, is_local: bool) -> str:
    """Where a file of a package is loaded from."""
    return f"{LOCAL}/{package}/{path}" if is_local else f"{CDN}/{package}@{version}/{path}"


def policy(*, is_local: bool) -> str:
    """Nothing runs on the page but the pinned files and the one inline script."""
    source = "'self'" if is_local else CDN
    inline = base64.b64encode(hashlib.sha256(START.encode()).digest()).decode()
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {source} 'sha256-{inline}'",
            f"style-src {source} 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "worker-src blob:",
            "connect-src 'self' ws: wss:",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
