# Every daily task. `make` alone lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test check check-code check-types check-layers check-templates check-messages check-migrations format bench storm faults fuzz-dc09 messages lock stop clean

PYTHON := .venv/bin/python
PORT ?= 8000
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ $$n -gt 2 ] && echo $$n || echo 2)
CATALOGUE := huyuan/locale/zh_Hans/LC_MESSAGES/django
TEST_VAR := $(CURDIR)/var/test
BENCH_VAR := $(CURDIR)/var/bench
# Commands that need settings but no database.
NO_DATABASE := HUYUAN_VAR=$(TEST_VAR) DATABASE_URL=postgresql://nobody@/none

help: ## list all targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.product node_modules/.installed $(CATALOGUE).mo ## start everything with the demo county; PORT=8000 chooses the address
	@exec $(PYTHON) manage.py serve --port $(PORT)

test: .venv/.dev node_modules/.installed $(CATALOGUE).mo ## run every test, browser tests too; ARGS="-k hazard" goes to pytest
	@sh tools/browser.sh
	@status=0; $(PYTHON) -m pytest -n $(WORKERS) $(ARGS) || status=$$?; \
	$(PYTHON) tools/stop.py --unless-used $(TEST_VAR) || status=1; exit $$status

check: check-code check-types check-layers check-templates check-messages check-migrations ## lint, types, layers, templates, missing migrations and translations

check-code: .venv/.dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

check-types: .venv/.dev
	$(NO_DATABASE) .venv/bin/mypy

check-layers: .venv/.dev
	.venv/bin/lint-imports

check-templates: .venv/.dev
	.venv/bin/djlint --quiet --lint huyuan

check-messages: .venv/.dev
	$(NO_DATABASE) $(PYTHON) manage.py messages check

check-migrations: .venv/.dev
	@status=0; HUYUAN_VAR=$(TEST_VAR) $(PYTHON) manage.py makemigrations --check --dry-run || status=$$?; \
	$(PYTHON) tools/stop.py --unless-used $(TEST_VAR) || status=1; exit $$status

format: .venv/.dev ## bring the code into its form
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: .venv/.dev node_modules/.installed $(CATALOGUE).mo ## measure pages, imports, standing, starting, memory, alarms, screens, streams and devices on databases of their own (slow)
	HUYUAN_VAR=$(BENCH_VAR) $(PYTHON) manage.py migrate --database=owner --verbosity 0
	HUYUAN_VAR=$(BENCH_VAR) $(PYTHON) manage.py bench ledger --json
	HUYUAN_VAR=$(BENCH_VAR) $(PYTHON) manage.py bench import --json
	HUYUAN_VAR=$(BENCH_VAR) $(PYTHON) manage.py bench standing --json
	HUYUAN_VAR=$(BENCH_VAR) $(PYTHON) manage.py bench start --json
	HUYUAN_VAR=$(BENCH_VAR) $(PYTHON) manage.py bench memory --json
	HUYUAN_VAR=$(BENCH_VAR) $(PYTHON) manage.py bench alarm --against alertmanager --json
	HUYUAN_VAR=$(BENCH_VAR) $(PYTHON) manage.py bench cut --runs 20 --json
	HUYUAN_VAR=$(BENCH_VAR) $(PYTHON) manage.py bench screens --alarms 1000 --json
	HUYUAN_VAR=$(BENCH_VAR) $(PYTHON) manage.py bench streams --json
	HUYUAN_VAR=$(BENCH_VAR) $(PYTHON) manage.py bench devices --json
	@$(PYTHON) tools/stop.py $(BENCH_VAR)

FRAMES ?= 1000000
SEED ?= 1
fuzz-dc09: .venv/.dev ## mutate alarm panels' frames: golden and foreign ones are read first; FRAMES=1000000 SEED=1
	$(PYTHON) -m pytest -q huyuan/facilities/tests/test_dc09_frames.py huyuan/facilities/tests/test_dc09_foreign.py
	@$(PYTHON) tools/stop.py --unless-used $(TEST_VAR)
	$(NO_DATABASE) $(PYTHON) manage.py fuzz_dc09 --frames $(FRAMES) --seed $(SEED) --json

# The size of a storm: make storm ALARMS=1000 KILLS=100 SEEDS=10
ALARMS ?= 1000
KILLS ?= 100
SEEDS ?= 10

storm: .venv/.product ## press alarms while processes are killed at random, and count what is lost (slow)
	HUYUAN_VAR=$(BENCH_VAR) $(PYTHON) manage.py storm --alarms $(ALARMS) --kills $(KILLS) --seeds $(SEEDS) --json
	@$(PYTHON) tools/stop.py $(BENCH_VAR)

faults: .venv/.product ## let everything between a press and its pages fail in turn, on a private installation (slow)
	HUYUAN_VAR=$(BENCH_VAR) $(PYTHON) manage.py faults --json
	@$(PYTHON) tools/stop.py $(BENCH_VAR)

messages: .venv/.dev ## take new sentences into the catalogue and say what lacks a translation
	$(NO_DATABASE) $(PYTHON) manage.py messages update

lock: ## choose the versions of all Python packages again (needs uv)
	@command -v uv >/dev/null || { echo "uv is needed to lock versions: pip install uv" >&2; exit 1; }
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements/product.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url -c requirements/product.lock pyproject.toml --group dev -o requirements/dev.lock

stop: ## end what is still running: processes of an earlier run and the databases
	@[ ! -x $(PYTHON) ] || for part in "" $(TEST_VAR) $(BENCH_VAR); do $(PYTHON) tools/stop.py $$part; done

clean: stop ## remove all that can be made again; the demo's data in var/ stay
	rm -rf .venv node_modules var/test var/bench test-results .mypy_cache .ruff_cache .pytest_cache .import_linter_cache $(CATALOGUE).mo
	find huyuan tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.product: requirements/product.lock
	@sh tools/environment.sh $<
	@touch $@

# The development lock holds the product's packages too.
.venv/.dev: requirements/dev.lock requirements/product.lock
	@sh tools/environment.sh $<
	@touch .venv/.product $@

node_modules/.installed: package-lock.json
	@sh tools/assets.sh
	@touch $@

# Depends on an environment, whichever there is.
$(CATALOGUE).mo: $(CATALOGUE).po | .venv/.product
	@$(NO_DATABASE) $(PYTHON) manage.py messages compile
