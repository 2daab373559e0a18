# Warning Lights: `make help` lists what there is. Needs Python 3.11 or newer, git and make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SITE   := site

# One answer for every machine: no colours lost in logs, no notices about other versions.
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP := $(BIN)/python -m pip --quiet install --require-hashes

.DEFAULT_GOAL := help
.PHONY: help site serve test lint format lock clean

help: ## Show this list.
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

site: $(VENV)/.site ## Build the checked site and the PDF into site/.
	@echo "==> Building, checking every citation and link, setting the book"
	@$(BIN)/mkdocs build --strict --site-dir $(SITE)
	@echo "==> Done: $(SITE)/index.html, and the PDF at $(SITE)/downloads/warning-lights.pdf"
	@echo "    To look at it: $(PYTHON) -m http.server --directory $(SITE) 8000, then http://127.0.0.1:8000/"

serve: $(VENV)/.site ## Preview at http://127.0.0.1:8000/ while you write; no PDF, no network.
	@$(BIN)/mkdocs serve

test: $(VENV)/.test lint ## Install what the tests need, and run all of them.
	@echo "==> Tests"
	@$(BIN)/python -m pytest --numprocesses=auto

lint: $(VENV)/.test ## Check the style and the types of our Python.
	@echo "==> Style and types"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary

format: $(VENV)/.test ## Put our Python into its one form.
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

lock: $(VENV)/.test ## Renew requirements*.txt from requirements*.in: newest versions, hashed, for every platform.
	@for name in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-header $$name.in --output-file $$name.txt || exit 1; done
	@echo "==> Locked. Look at the difference: git diff -- 'requirements*.txt'"

clean: ## Take away all that was built and installed.
	rm -rf $(SITE) $(VENV) .cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try make PYTHON=python3.12 …" >&2; exit 1; }
	@echo "==> Making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

# A stamp file is as new as what was last installed, so that a second run installs nothing.
$(VENV)/.site: requirements.txt | $(VENV)/bin/python
	@echo "==> Installing what the site needs (requirements.txt, hashed)"
	@$(PIP) --requirement requirements.txt
	@touch $@

$(VENV)/.test: requirements-dev.txt $(VENV)/.site
	@echo "==> Installing what the tests need (requirements-dev.txt, hashed)"
	@$(PIP) --requirement requirements-dev.txt
	@touch $@
