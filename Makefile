# Needs Python 3.11 or newer with pip, and nothing else: `make demo` and `make test` set themselves up.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
SYNC := UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv sync --quiet --frozen --inexact
# The test tools for pip, which knows dependency groups only since 25.1.
GROUPS := import tomllib; g = tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]; print(*g["test"], *g["lint"], sep="\n")
WORKERS ?= auto

.PHONY: setup demo test lint check format schema revision bench coverage clean

setup: .venv/.dev

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv .venv
	-$(BIN)/pip install --quiet uv
	@touch $@

# What the program needs; uv installs the versions of uv.lock, pip without uv the newest allowed ones.
.venv/.run: .venv/.made pyproject.toml uv.lock
	$(SYNC) --no-default-groups || $(BIN)/pip install --quiet -e .
	@touch $@

.venv/.dev: .venv/.made pyproject.toml uv.lock
	$(SYNC) --group dev || { $(BIN)/python -c '$(GROUPS)' > .venv/groups.txt && $(BIN)/pip install --quiet -e . -r .venv/groups.txt; }
	@touch $@ .venv/.run

# GraphiQL's files, served from here when npm is at hand; without npm the page loads the same files from a CDN.
# Where npm has no way to its registry it would try for minutes; the shop does not wait for it.
GRAPHIQL := .gql-sales/graphiql
.venv/.graphiql: .venv/.made
	-@command -v npm >/dev/null && mkdir -p $(GRAPHIQL) && \
	  npm install --fetch-retries=0 --fetch-timeout=20000 --silent --no-audit --no-fund --prefix $(GRAPHIQL) graphiql@3.8.3 react@18.2.0 react-dom@18.2.0 >/dev/null 2>&1
	@touch $@

# make demo WITH_YEAR=1 adds a company with a year of a real shop; the first time that takes minutes.
YEAR := tests/data/online-retail-sample.csv.gz

demo: .venv/.run .venv/.graphiql
	@exec $(BIN)/gql-sales demo $(if $(WITH_YEAR),--with-year $(YEAR))

test: .venv/.dev
	$(BIN)/pytest -n $(WORKERS) --maxprocesses=4 $(ARGS)

lint: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

format: .venv/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: .venv/.dev
	$(BIN)/gql-sales export-schema

# make revision MESSAGE="add returns"
revision: .venv/.dev
	$(BIN)/gql-sales revise "$(MESSAGE)"

bench: .venv/.dev
	$(BIN)/python -m benchmarks $(ARGS)

coverage: .venv/.dev
	$(BIN)/pytest -n $(WORKERS) --maxprocesses=4 --cov --cov-report=term-missing

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage dist
