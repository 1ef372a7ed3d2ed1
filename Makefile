# Two commands work on a fresh clone with python3, git and make: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
EXTRAS := aio,boto3,cli,httpx,pool

.PHONY: help demo test lint format vectors scoreboard bench bench-check leak long model wheel clean

help:  ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[$(EXTRAS)]' --group dev
	touch $@

demo: $(INSTALLED)  ## Start the reference pool and sign a user in: SRP, TOTP, a remembered device
	$(BIN)/cognito-srp demo

test: $(INSTALLED)  ## All tests, on two cores
	$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup

lint: $(INSTALLED)  ## Style, types and who may import whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

format: $(INSTALLED)  ## Lay the code out
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

vectors: $(INSTALLED)  ## Check the test vectors: lint, generator, second implementation, our own testee
	$(BIN)/python vectors/lint.py
	$(BIN)/python vectors/generate.py --check
	node vectors/verify.mjs
	$(BIN)/cognito-srp conformance -- $(BIN)/python -m cognito_challenges.conformance.testee

scoreboard: $(INSTALLED)  ## Run the vectors against the clients people use, and write the table that the README shows
	$(BIN)/python vectors/scoreboard.py

bench: $(INSTALLED)  ## Measure every promised ratio, and draw the chart that the README shows
	$(BIN)/python benchmarks/ratios.py

bench-check: $(INSTALLED)  ## The ratios that a busy machine still shows, and this tree against the previous commit
	$(BIN)/python benchmarks/ratios.py --check
	$(BIN)/python benchmarks/against_parent.py

leak: $(INSTALLED)  ## Does the time taken depend on the exponent?
	$(BIN)/python benchmarks/leak.py

long: $(INSTALLED)  ## The tests that take minutes: every field of every vector, 10,000 exponents a path, a minute of load, 120,000 steps
	COGNITO_SRP_ALL_FIELDS=1 $(BIN)/python -m pytest tests/vectors/test_corruption.py
	COGNITO_SRP_RANDOM_EXPONENTS=10000 $(BIN)/python -m pytest tests/engine/test_arithmetic.py -k random
	COGNITO_SRP_LOAD_SECONDS=60 $(BIN)/python -m pytest tests/pool/test_load.py
	COGNITO_SRP_WALK=3000 $(BIN)/python -m pytest tests/pool/test_walk.py

model: $(INSTALLED)  ## Does the newest botocore know anything that client and pool do not?
	$(BIN)/python challenges/service_model.py --newest

wheel: $(INSTALLED)  ## Build the wheel, look inside, install it beside its neighbours
	$(BIN)/python .ci/check_wheel.py

clean:  ## Remove what was made
	rm -rf $(VENV) build dist
