# What people type. The work is done by dealership/supervisor, which needs nothing but Python.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
SUPERVISOR = @$(if $(PYTHON),,echo "Python 3.11 or newer was not found: install it (Debian, Ubuntu: apt install python3 python3-venv) and run this again." >&2; exit 1;) exec $(PYTHON) -m dealership.supervisor
UV_COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url
export PORT ARGS

.PHONY: help run day test journeys saboteurs chaos words check fmt lock install clean-venv

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: ## the whole product on this machine: make run PORT=8000
	$(SUPERVISOR) run

day: ## a day of the demo, played while `make run` runs: make day ARGS="--speed 10 --minutes 5"
	$(SUPERVISOR) day

test: ## everything CI runs, on servers of its own: make test ARGS="tests/service -x"
	$(SUPERVISOR) test

journeys: ## twelve journeys through the real product, each by mouse and by keyboard alone
	@ARGS="tests/journeys --hands=both -n 0 $(ARGS)" $(MAKE) --no-print-directory test

saboteurs: ## every promise broken on purpose once: each test must see it
	@ARGS="-m pair --saboteurs" $(MAKE) --no-print-directory test

chaos: install ## under load, with everything it stands on killed: make chaos SEED=1 N=2000 ARGS="--rate 40"
	@.venv/bin/python -m tests.chaos --seed $(or $(SEED),1) --n $(or $(N),2000) $(ARGS)

words: install ## finds what is marked for other languages, keeps locale/**/django.po, makes django.mo: make words ARGS=sales
	@.venv/bin/python -m tests.words $(ARGS)

check: ## lint, types, boundaries, templates, migrations, deployment settings
	$(SUPERVISOR) check

install: ## the virtual environment with what development needs
	$(SUPERVISOR) install

fmt: install ## write the code the way ruff wants it
	.venv/bin/ruff check --fix --quiet . || true
	.venv/bin/ruff format .

lock: ## requirements*.txt from requirements*.in, with hashes (needs uv)
	$(UV_COMPILE) requirements.in -o requirements.txt
	$(UV_COMPILE) requirements-dev.in -o requirements-dev.txt

clean-venv: ## throw the virtual environment away; the next command makes it anew
	rm -rf .venv
