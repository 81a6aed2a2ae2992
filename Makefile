# Eight targets; `run` and `test` make this folder ready by themselves (Python >= 3.11 is all they need).
# make run ARGS="--port 8080 --language en"      make test ARGS="tests/incidents -k rework"

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := run
.PHONY: run test quick check fix bench docs release
.SILENT:
# What is compiled once is kept, whatever the machine's habit: a start and a test run are much the faster for it.
unexport PYTHONDONTWRITEBYTECODE

PYTHON_VENV := .venv/bin/python
BENCHES = $(sort $(filter-out __init__,$(basename $(notdir $(shell grep -ls -e '--quick' bench/*.py)))))

run: ## start the console on http://127.0.0.1:8050
	.ci/setup run
	ONENET_SAMPLE_FEED=$${ONENET_SAMPLE_FEED-1} exec $(PYTHON_VENV) app.py $(ARGS)

test: ## everything a fresh machine must pass
	.ci/setup test
	.ci/test-js
	exec $(PYTHON_VENV) -m tests.postgres $(PYTHON_VENV) -m pytest $(if $(ARGS),$(ARGS),-n 2 --dist loadfile)

quick: ## no server, no browser, no real data, nothing slow: a minute or so
	.ci/setup test
	.ci/test-js
	exec $(PYTHON_VENV) -m pytest -q -n 2 --dist loadfile -m "not server and not browser and not slow and not realdata" \
	  --ignore=tests/journeys --ignore=tests/exchange/test_api_fuzz.py $(ARGS)

check: ## style, types, imports, documents, leaks: all of them, then the verdict
	.ci/setup test
	failed=""; \
	for what in "ruff check ." "ruff format --check --quiet ." "mypy ." "lint-imports" "python -m docs.generate --check" "python -m tests.architecture.leaks"; do \
	  echo "== $$what"; .venv/bin/$$what || failed="$$failed [$$what]"; \
	done; \
	if [ -n "$$failed" ]; then echo "check failed:$$failed"; exit 1; fi

fix: ## what a machine can put right
	.ci/setup test
	$(PYTHON_VENV) -m ruff check --fix .
	$(PYTHON_VENV) -m ruff format .

bench: ## every bench in its quick form, each ending with one line of JSON
	.ci/setup test
	missed=""; for name in $(BENCHES); do \
	  echo "== bench.$$name"; $(PYTHON_VENV) -m bench.$$name --quick || missed="$$missed $$name"; \
	done; \
	if [ -n "$$missed" ]; then echo "bar not met:$$missed"; exit 1; fi

docs: ## write the generated documents again
	.ci/setup test
	$(PYTHON_VENV) -m docs.generate

release: ## is this tree what the tag will say? (no network; nothing is pushed)
	.ci/setup test
	$(PYTHON_VENV) -m docs.release
