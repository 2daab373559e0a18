# Warning Lights: `make help` lists what there is. Needs Python 3.11 or newer, git and make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SITE   := site

# One answer for every machine: no colours lost in logs, no notices about other versions.
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The engine needs no installation: commands and scripts find it below hooks/.
export PYTHONPATH := hooks
PIP := $(BIN)/python -m pip --quiet install --require-hashes

.DEFAULT_GOAL := help
.PHONY: help site serve links anchors sources test lint lint-text source format bench lock clean

help: ## Show this list.
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

site: $(VENV)/.site ## Build the checked site and the PDF into site/.
	@echo "==> Building, checking every citation and link, setting the book"
	@$(BIN)/mkdocs build --strict --site-dir $(SITE)
	@echo "==> Done: $(SITE)/index.html, and the PDF at $(SITE)/downloads/warning-lights.pdf"
	@echo "    To look at it: $(PYTHON) -m http.server --directory $(SITE) 8000, then http://127.0.0.1:8000/"

serve: $(VENV)/.site ## Preview at http://127.0.0.1:8000/ while you write; no PDF, no network.
	@$(BIN)/mkdocs serve

links: $(VENV)/.site ## Build, and ask every address of other hosts as well.
	@CHECK_EXTERNAL_LINKS=true $(MAKE) --no-print-directory site

anchors: $(VENV)/.site ## Enter new headings, notes and entries into anchors.txt, which keeps them for good.
	@UPDATE_ANCHORS=true $(BIN)/mkdocs build --quiet --strict --site-dir $(SITE)

sources: $(VENV)/.site ## Compare passages, quotations and links with the sources: make sources SOURCES=folder
	@$(BIN)/python -m warning_lights.quotations "$(SOURCES)"

test: $(VENV)/.test lint ## Install what the tests need, and run all of them.
	@tests/browser/install_chromium.sh
	@echo "==> Tests"
	@$(BIN)/python -m pytest --numprocesses=auto

lint: $(VENV)/.test lint-text ## Check pages, spelling, workflows, and the style and types of our Python.
	@echo "==> Workflows and forms"
	@$(BIN)/zizmor --quiet --offline --pedantic .github/workflows
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

source: $(VENV)/.site ## Add a source: make source KEY=doe2024title TITLE="A title" URL=https://…
	@$(BIN)/python scripts/source.py --key "$(KEY)" --title "$(TITLE)" --url "$(URL)"

format: $(VENV)/.test ## Put our Python and our Markdown into their one form.
	@$(BIN)/rumdl check --quiet --fix .
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

bench: $(VENV)/.test ## Measure against others: citations, links, page weight, the book (some minutes).
	@for name in citations link_recall link_speed page_weight book_pages; do \
	  echo "==> $$name"; PYTHONPATH=hooks:tests:tests/links $(BIN)/python benchmarks/$$name.py || exit 1; done

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
