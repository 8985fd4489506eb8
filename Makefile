# What a contributor types. Everything is installed into .venv and .cache, except servers,
# which come from the system's packages (see dev/install-servers).

PYTHON ?= python3
BIN := .venv/bin
ACTIONLINT := .cache/bin/actionlint
ACTIONLINT_VERSION := v1.7.12
# Where `make new` makes its repository: this folder is a repository itself.
DEST ?= ..
# More options for `make new` (without a terminal they must answer the questions), and for the
# tests of `make conformance`.
ARGS ?=
# What `make conformance` is about: an idea, a stack, both, or everything.
IDEA ?=
STACK ?=

.DEFAULT_GOAL := help

# The tests start hundreds of processes: without its cache each would compile its modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

.PHONY: new
new: .venv/tool ## Make a repository beside this folder: asks in a terminal, else makes a To-Do List
	@if [ -t 0 ] && [ -t 1 ] || [ -n "$(ARGS)" ]; then \
	  cd "$(DEST)" && PATH="$(CURDIR)/$(BIN):$$PATH" "$(CURDIR)/$(BIN)/scaffold" new $(ARGS); \
	else \
	  cd "$(DEST)" && PATH="$(CURDIR)/$(BIN):$$PATH" "$(CURDIR)/$(BIN)/scaffold" new \
	    --defaults --idea todo --stack fastapi --project-name "My To-Do List"; \
	fi

.PHONY: test
test: tools ## Run every test, after installing what it needs
	@dev/install-servers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest -n 4 --dist loadgroup

.PHONY: conformance
conformance: tools ## Hold IDEA and STACK (all without them) to all checks, write docs/conformance.md
	@dev/install-servers
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest -n 2 --dist loadgroup tests/repositories --table \
	  $(if $(IDEA),--idea "$(IDEA)") $(if $(STACK),--stack "$(STACK)") $(ARGS)

.PHONY: test-fast
test-fast: tools ## Run the tests that build no repository
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest -n 2 tests/unit tests/templates

.PHONY: lint
lint: tools ## Check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

.PHONY: format
format: tools ## Rewrite the code in the project's style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: missing
missing: .venv/dev ## Tell what STACK still lacks: data, proofs, parts, ideas; more of an IDEA
	@$(BIN)/python -m dev.missing $(STACK) $(IDEA)

.PHONY: bench
bench: tools ## Measure against cookiecutter, Copier and the floor, in one run
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m dev.bench

.PHONY: compare
compare: tools ## Run the upgrade scenarios through other tools and write docs/upgrade.md
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m dev.compare

.PHONY: release
release: tools ## Stamp, store and check a release: make release VERSION=x.y.z
	$(BIN)/python -m dev.release "$(VERSION)"
	@$(MAKE) --no-print-directory test-fast

.PHONY: picture
picture: tools ## Record the terminal picture of the README anew
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m dev.picture

.PHONY: tools
tools: .venv/dev $(ACTIONLINT)

.venv/tool: pyproject.toml src/scaffold/__init__.py
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable . "uv>=0.13,<0.14"
	@touch $@

.venv/dev: .venv/tool
	$(BIN)/pip install --quiet --group dev
	@touch $@

$(ACTIONLINT): | .venv/dev
	PATH="$(CURDIR)/$(BIN):$$PATH" GOBIN="$(CURDIR)/.cache/bin" GOPATH="$(CURDIR)/.cache/go" \
	  go install -modcacherw github.com/rhysd/actionlint/cmd/actionlint@$(ACTIONLINT_VERSION)
