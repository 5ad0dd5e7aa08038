# The server for production. It wants GQL_SALES_DATABASE_URL and GQL_SALES_JWT_SECRET; run `gql-sales migrate` first.

FROM python:3.11-slim AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PROJECT_ENVIRONMENT=/app/.venv
WORKDIR /build
RUN python -m venv /app/.venv && pip install --no-cache-dir uv
COPY pyproject.toml uv.lock README.md ./
# Dependencies first: they change less often than the program.
RUN uv sync --frozen --no-default-groups --no-install-project
COPY src src
RUN uv sync --frozen --no-default-groups --no-editable

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /data gql-sales
COPY --from=build /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 GQL_SALES_HOST=0.0.0.0 GQL_SALES_PORT=8000 GQL_SALES_DATA_FOLDER=/data
USER gql-sales
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['GQL_SALES_PORT'] + '/health', timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["gql-sales", "serve"]
