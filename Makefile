# Two commands matter: `make demo` and `make test`. Both make what they need.
VENV   := .venv
BIN    := $(VENV)/bin
PYTHON ?= python3
OURS   := -e ./core -e ./plugins/shopee -e ./plugins/ls_central -e ./plugins/anchanto_oms
SOURCE := core/src plugins/shopee/src plugins/ls_central/src plugins/anchanto_oms/src
PURE   := */crossdock/model/*,*/crossdock/flows/orders/plan.py,*/crossdock/flows/orders/states.py,*/crossdock/flows/orders/table.py,*/crossdock/flows/orders/take_over.py,*/crossdock/flows/orders/cancel.py,*/crossdock/flows/orders/part.py,*/crossdock/flows/orders/ship.py,*/crossdock_shopee/translate/*,*/crossdock_ls_central/translate/*
JOURNEYS := $(addprefix tests/journeys/test_,$(addsuffix .py,service workers both_dispatchers lifecycle main_job stock products))
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
  --custom-compile-command "make constraints" --no-emit-package crossdock --no-emit-package crossdock-shopee \
  --no-emit-package crossdock-ls-central --no-emit-package crossdock-anchanto-oms
export UV_SYSTEM_CERTS := 1
export UV_NATIVE_TLS := 1
# Where it is set, every process compiles every module anew: seconds instead of tenths for each command.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check lint types imports unit dispatchers docs constraints mutants fuzz audit clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

demo: $(VENV)/installed ## Shopee orders become LS Central Customer Orders, over real HTTP, in under a minute
	@$(BIN)/crossdock demo

test: check unit ## Everything that must hold: lint, types, import rules, all tests

check: lint types imports

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed
	$(BIN)/mypy $(SOURCE)

imports: $(VENV)/installed
	$(BIN)/lint-imports

unit: $(VENV)/installed
	rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=
	$(BIN)/coverage report --fail-under=90
	$(BIN)/coverage report --fail-under=100 --include='$(PURE)'

dispatchers: $(VENV)/installed ## Journeys once more, on the dispatcher of many machines and a ledger in PostgreSQL
	CROSSDOCK_TEST_DISPATCHER=procrastinate $(BIN)/python -m pytest -n auto --dist worksteal $(JOURNEYS)
	$(BIN)/python -m pytest -m long tests/journeys/test_crash_of_workers.py

docs: $(VENV)/installed ## Write the generated pages anew
	$(BIN)/python docs/generate.py

# Two files, the same versions: all that developers need, and what a service needs in production.
constraints: ## Pin every dependency anew, with hashes
	$(COMPILE) --output-file constraints.txt requirements-dev.txt
	$(COMPILE) --constraint constraints.txt --output-file constraints-production.txt requirements.txt

mutants: .mutants/venv/bin/mutmut ## Which changes of meaning no test would notice; SETS="money planner" tries only those
	.mutants/venv/bin/python -m tests.mutation $(SETS)

fuzz: .mutants/venv/bin/mutmut ## Search for input that a reader stumbles over, for SECONDS=300; findings are files .mutants/fuzz/crash-*
	@mkdir -p .mutants/fuzz
	PYTHONPATH=$(subst $(eval ) ,:,$(SOURCE)) .mutants/venv/bin/python tests/fuzz/atheris_readers.py .mutants/fuzz/corpus \
	  -max_total_time=$(or $(SECONDS),300) -timeout=10 -artifact_prefix=.mutants/fuzz/

# An environment of its own: our packages must not be installed in it, or the changed copies would not be the ones tested.
.mutants/venv/bin/mutmut: constraints.txt
	$(PYTHON) -m venv .mutants/venv
	.mutants/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	.mutants/venv/bin/python -m pip install --quiet --disable-pip-version-check mutmut==3.8.1 atheris==3.0.0
	@touch $@

# It asks an advisory service: without one nothing is proved, and that is no success.
audit: .audit/venv/bin/pip-audit ## Known weaknesses of what we depend on; fails when the advisory service cannot be asked
	@rm -f .audit/found.json
	@.audit/venv/bin/pip-audit --strict --disable-pip --require-hashes -r constraints.txt -f json -o .audit/found.json; code=$$?; \
	if ! test -s .audit/found.json; then \
	  echo "audit: the advisory service could not be asked (see above), so nothing is known; try again where it can be reached"; \
	  exit 2; fi; \
	$(PYTHON) -c 'import json; [print("audit:", d["name"], d["version"], v["id"], "mended in", v["fix_versions"]) for d in json.load(open(".audit/found.json"))["dependencies"] for v in d.get("vulns", ())]'; \
	test $$code -eq 0 && echo "audit: no known weakness in constraints.txt"

.audit/venv/bin/pip-audit:
	$(PYTHON) -m venv .audit/venv
	.audit/venv/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1

# pip checks hashes of all or of none, and ours have none: first the others, then ours without looking at any index.
$(VENV)/installed: constraints.txt core/pyproject.toml $(wildcard plugins/*/pyproject.toml)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null; then \
	  uv pip install --quiet --python $(BIN)/python --require-hashes -r constraints.txt && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(OURS); \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(OURS); \
	fi
	@touch $@

clean: ## Remove what was made
	rm -rf $(VENV) .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
