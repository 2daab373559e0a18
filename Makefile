# `make help` lists the commands. Needs Python 3.11 or newer, git and make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SITE   := site
PORT   ?= 8000

# The same on every machine: no notices about other versions, no colours in logs.
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The engine needs no installation: commands and scripts find it below hooks/.
export PYTHONPATH := hooks
# Values for scripts go through the environment, as they are: neither make nor a shell reads them.
export KEY TITLE URL FROM SOURCES REASON
override KEY     := $(value KEY)
override TITLE   := $(value TITLE)
override URL     := $(value URL)
override FROM    := $(value FROM)
override SOURCES := $(value SOURCES)
override REASON  := $(value REASON)

# An environment whose making failed has no pip; one whose Python was upgraded has a dangling link.
WHOLE := $(shell test -x $(BIN)/python && test -f $(VENV)/pyvenv.cfg \
           && ls $(VENV)/lib/python*/site-packages/pip/__main__.py 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help site serve links anchors sources test lint lint-text source entries new format bench lock \
        clean environment

help: ## List the commands.
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

site: $(VENV)/.site ## Build the checked site and the PDF into site/.
	@echo "==> Building: pages, citations, links, PDF (the first time about half a minute)"
	@$(BIN)/python scripts/build.py build --strict --site-dir $(SITE)
	@echo "==> Done: $(SITE)/index.html, and the PDF in $(SITE)/downloads/"
	@echo "    To open it: $(PYTHON) -m http.server --directory $(SITE) $(PORT), then http://127.0.0.1:$(PORT)/"

serve: $(VENV)/.site ## Preview at http://127.0.0.1:8000/ while you write; no PDF, no network.
	@$(BIN)/python scripts/build.py serve --dev-addr 127.0.0.1:$(PORT)

links: $(VENV)/.site ## Build, and check the links to other sites as well.
	@CHECK_EXTERNAL_LINKS=true $(MAKE) --no-print-directory site

anchors: $(VENV)/.site ## List new pages, headings and entries in anchors.txt; with REASON="…" retire lost ones.
	@UPDATE_ANCHORS=true $(BIN)/python scripts/build.py build --quiet --strict --site-dir $(SITE)

sources: $(VENV)/.site ## Compare passages, quotations and links with the sources: make sources SOURCES=folder
	@$(BIN)/python -m warning_lights.quotations "$$SOURCES"

test: $(VENV)/.test lint ## Install what the tests need, and run all of them.
	@tests/browser/install_chromium.sh
	@echo "==> Tests"
	@$(BIN)/python -m pytest --numprocesses=auto --junitxml=.cache/tests.xml

lint: $(VENV)/.test lint-text ## Check pages, spelling, workflows, and the style and types of our Python.
	@echo "==> Workflows and forms"
	@mkdir -p .cache
	@$(BIN)/zizmor --quiet --offline --pedantic --no-progress .github/workflows > .cache/zizmor.txt \
	  || { cat .cache/zizmor.txt; exit 1; }
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.citation-file-format CITATION.cff
	@echo "==> Style and types"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary

lint-text: $(VENV)/.test ## Check the Markdown, the spelling and the wording of the pages.
	@echo "==> Markdown, spelling and wording"
	@$(BIN)/python scripts/prose.py

source: $(VENV)/.site ## Add a source: make source KEY=doe2024title TITLE="A title" URL=https://…, or FROM=file.ris
	@$(BIN)/python scripts/source.py

entries: $(VENV)/.site ## Add entries to the bibliography: make entries FROM=file (.ris, .bib or CSL-JSON)
	@$(BIN)/python scripts/entries.py

new: $(VENV)/.site ## Empty the site and begin another subject: make new TITLE="Tide tables"
	@$(BIN)/python scripts/new.py

format: $(VENV)/.test ## Format our Python and our Markdown.
	@$(BIN)/rumdl check --quiet --fix .
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

bench: $(VENV)/.test ## Measure against others: citations, links, page weight, the book (some minutes).
	@for name in build link_recall link_speed page_weight book_pages; do \
	  echo "==> $$name"; PYTHONPATH=hooks:tests:tests/links $(BIN)/python benchmarks/$$name.py || exit 1; done

lock: $(VENV)/.test ## Update requirements*.txt from requirements*.in: newest versions, hashed, for every platform.
	@for name in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-header $$name.in --output-file $$name.txt || exit 1; done
	@echo "==> Locked. Review the difference: git diff -- 'requirements*.txt'"

clean: ## Remove all that was built and installed.
	rm -rf $(SITE) $(VENV) .cache

environment:
	@command -v "$(PYTHON)" >/dev/null 2>&1 \
	  || { echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name one: make PYTHON=python3.12 site" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.12 site" >&2; exit 1; }
	@echo "==> Creating the Python environment $(VENV)"
	@"$(PYTHON)" -m venv --clear $(VENV)

# A stamp file is as new as what was last installed, so that a second run installs nothing.
$(VENV)/.site: requirements.txt $(if $(WHOLE),,environment)
	@echo "==> Installing what the site needs (requirements.txt, hashed; about a minute)"
	@$(BIN)/python scripts/install.py requirements.txt
	@touch $@

$(VENV)/.test: requirements-dev.txt $(VENV)/.site
	@echo "==> Installing what the tests need (requirements-dev.txt, hashed; about a minute)"
	@$(BIN)/python scripts/install.py requirements-dev.txt
	@touch $@
