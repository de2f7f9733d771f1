# Two commands do everything on a fresh machine with Python 3.11, make and pip: `make refresh` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV = $(BIN)/uv pip
LOCK = $(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11

.PHONY: refresh test coverage fuzz ui serve lint format bench lock clean

# Takes the sample in, counts, checks, publishes, prints the figures.
refresh: $(VENV)/.run
	$(BIN)/caseload refresh --sample

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist loadscope

# The same, and which lines no test reaches: half as long again.
coverage: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist loadscope --cov --cov-report=term:skip-covered

# A hundred thousand broken files, from another seed each time.
fuzz: $(VENV)/.dev
	CASELOAD_FUZZ_RUNS=$${RUNS:-100000} CASELOAD_FUZZ_SEED=$${SEED:-$$(date +%s)} $(BIN)/python -m pytest tests/raw/test_fuzz.py -n 2 --dist load

# Dagster's page on the run history of the command line: http://127.0.0.1:3000
ui: $(VENV)/.run
	$(BIN)/python -m pipelines.ops.ui

# The dashboard: http://127.0.0.1:8000
serve: $(VENV)/.run
	$(BIN)/caseload serve

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev
	$(BIN)/python bench/refresh.py

# uv, itself from the lock by pip, fills the environment from the lock in seconds; compiled once, every start is quicker.
$(VENV)/.run: requirements/run.txt requirements/uv.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(UV) install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements/run.txt
	$(UV) install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(UV) install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements/dev.txt
	touch $@

lock: $(VENV)/.run
	$(LOCK) requirements/uv.in -o requirements/uv.txt
	$(LOCK) pyproject.toml requirements/build.in -o requirements/run.txt
	$(LOCK) pyproject.toml requirements/build.in --extra dev -o requirements/dev.txt
	$(LOCK) pyproject.toml requirements/build.in --extra dev --extra bench -o requirements/bench.txt

clean:
	rm -rf $(VENV) warehouse/data .pytest_cache .mypy_cache .ruff_cache .coverage*
