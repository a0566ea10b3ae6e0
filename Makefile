# Everything a newcomer, a reviewer or a build server runs. `make` lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

# The newest suitable interpreter that stands on the path; PY=… chooses another one.
ifndef PY
PY := $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
endif
# Where `make serve` has its pages.
PORT ?= 8000
UV_VERSION := 0.13.8
UV := .tools/uv-$(UV_VERSION)/bin/uv
RUN := $(UV) run --no-sync
# uv takes the interpreter that is there and never fetches one.
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON := $(PY)

.PHONY: help env system demo serve lint test interop messages bench verifier wheel clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# A private folder, because Debian's pip refuses to install beside the system's packages.
$(UV):
	@test -n "$(PY)" || { echo "needs Python 3.11 or newer" >&2; exit 2; }
	@d=.tools/uv-$(UV_VERSION); rm -rf $$d; mkdir -p .tools; \
	if $(PY) -c 'import ensurepip, venv' 2>/dev/null; then \
		$(PY) -m venv $$d && $$d/bin/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION); \
	elif $(PY) -m pip --version >/dev/null 2>&1; then \
		$(PY) -m pip install -q --disable-pip-version-check --target $$d uv==$(UV_VERSION); \
	else echo "needs pip: apt-get install python3-venv" >&2; false; \
	fi || { rm -rf $$d; exit 2; }

env: $(UV) ## install what uv.lock names into .venv
	@$(UV) sync --locked -q

system: ## install the few system programs that some tests start (strace, node, gettext, chromium, go)
	@bash scripts/system_packages.sh

demo: env ## one loan, one borrower, one verified history, in a scratch folder
	@$(RUN) shouxin demo

serve: env ## the pages, on a demo lender whose story has just ended (PORT=8000)
	@$(RUN) shouxin serve --port $(PORT)

messages: env ## collect and compile the sentences of the pages' furniture
	@$(RUN) python scripts/messages.py

lint: env ## style, types, walls, and what walls cannot see
	@$(RUN) ruff check
	@$(RUN) ruff format --check
	@$(RUN) mypy
	@$(RUN) lint-imports --no-cache
	@$(RUN) python scripts/ast_lint.py
	@$(RUN) python scripts/check_no_traces.py

test: system lint ## lint, then every test, on SQLite and on a private PostgreSQL
	@$(RUN) pytest -n 2 --dist loadfile

interop: env system ## only what Go judges: notes, cosignatures, tiles and proofs (a part of `test`)
	@$(RUN) pytest -n 0 tests/interop

bench: env ## one JSON line a figure
	@for f in use witness pages; do $(RUN) python "benchmarks/$$f.py"; done

verifier: env ## dist/shouxin-verify.pyz, the outsider's verifier in one file
	@$(RUN) python scripts/build_verifier.py

wheel: $(UV) ## dist/*.whl
	@$(UV) build --wheel -q
	@ls dist/*.whl

clean: ## remove what the other targets made
	@rm -rf .venv .tools dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
