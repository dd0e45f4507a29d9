# Two commands on a fresh machine: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PY := .venv/bin/python
DATA ?= .data/run

# Python 3.11 or 3.12 with venv: PYTHON if given, else the first that suits.
define ensure
	@found=; for p in $(PYTHON) python3 python3.12 python3.11; do \
	  if "$$p" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; \
	  then found="$$p"; break; fi; done; \
	if [ -z "$$found" ]; then \
	  echo "Python 3.11 or 3.12 with its venv module is needed (Debian, Ubuntu: apt-get install python3-venv)." >&2; \
	  echo "Another place: make PYTHON=/path/to/python3.12 run" >&2; exit 1; fi; \
	"$$found" setup/venv.py $(1)
endef

.PHONY: help run manage test check bench venv dev clean-data

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name text; \
	  do printf '  make %-12s %s\n' "$$name" "$$text"; done

run: venv ## The demo: database, web, worker and beat on http://127.0.0.1:8000 (PORT), until Ctrl-C
	@exec $(PY) -m silon.run --data "$(DATA)"

manage: venv ## One management command beside the demo: make manage DO="requirement --help"
	@exec $(PY) -m silon.run --data "$(DATA)" -- python manage.py $(DO)

# In the order of tests.conftest within each process; few at a time, so that all end together.
test: dev ## Every test, the browser's included, on all cores (ARGS="-n 0 -k nik" for some, one after the other)
	@CHROMIUM="$$($(PY) setup/chromium.py)" && export CHROMIUM && \
	$(PY) -m pytest --numprocesses logical --maxprocesses 4 --dist load --maxschedchunk 4 $(ARGS)

check: dev ## Lint, format, import directions, migrations, generated documents
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	$(PY) -m silon.run --data .data/check -- python manage.py makemigrations --check --dry-run
	$(PY) -m silon.run --data .data/check -- python manage.py generate_docs --check

bench: dev ## Measure the import and the pages at 1.2 million rows (bench/out/latest.json)
	@$(PY) -m bench $(ARGS)
	@$(PY) -m bench.recap
	@$(PY) -m bench.scans
	@exec $(PY) -m bench.rolls

clean-data: ## Throw away everything in .data: databases, files and keys of the demo
	rm -rf .data

venv: # The virtual environment with what the product needs
	$(call ensure,requirements.txt)

dev: # The same with what tests and checks need
	$(call ensure,requirements-dev.txt)
