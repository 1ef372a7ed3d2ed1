# Two commands work on a fresh clone with python3, git and make: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
EXTRAS := aio,boto3,cli,httpx,pool
FIRE := $(VENV)/.fire

.PHONY: help demo test lint format vectors scoreboard bench bench-check leak long model wheel clean
.PHONY: bent fuzz fuzz-short soak soak-short mutate mutate-sample audit

help:  ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

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

leak: $(INSTALLED)  ## Does the time taken depend on the exponent, or on whether a user exists?
	$(BIN)/python benchmarks/leak.py
	$(BIN)/python benchmarks/leak_existence.py

long: $(INSTALLED)  ## The tests that take minutes: every field of every vector, 10,000 exponents a path, a minute of load, 120,000 steps
	COGNITO_SRP_ALL_FIELDS=1 $(BIN)/python -m pytest tests/vectors/test_corruption.py
	COGNITO_SRP_RANDOM_EXPONENTS=10000 $(BIN)/python -m pytest tests/engine/test_arithmetic.py -k random
	COGNITO_SRP_LOAD_SECONDS=60 $(BIN)/python -m pytest tests/pool/test_load.py
	COGNITO_SRP_WALK=3000 $(BIN)/python -m pytest tests/pool/test_walk.py

model: $(INSTALLED)  ## Does the newest botocore know anything that client and pool do not?
	$(BIN)/python challenges/service_model.py --newest

$(FIRE): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group fire
	touch $@

bent: $(INSTALLED)  ## 50,000 bent answers and 12,500 bent saved documents
	COGNITO_SRP_BENT=50000 $(BIN)/python -m pytest tests/fire/test_bent_answers.py tests/fire/test_bent_over_http.py

fuzz: $(FIRE)  ## Ten minutes of coverage-guided fuzzing; what reaches new code is added to the corpus
	$(BIN)/python tests/fire/fuzz.py --seconds 600 --keep

fuzz-short: $(FIRE)  ## Eighteen seconds of it
	$(BIN)/python tests/fire/fuzz.py --seconds 18

soak: $(INSTALLED)  ## Ten minutes of mixed load on the pool
	$(BIN)/python tests/fire/soak.py --seconds 600

soak-short: $(INSTALLED)  ## One minute of it
	$(BIN)/python tests/fire/soak.py --seconds 60

mutate: $(FIRE)  ## Mutation testing: engine, machine, transports, the pool's sign-in (hours)
	$(BIN)/python .ci/mutate.py

mutate-sample: $(FIRE)  ## The formulas, the proofs and the machine's table
	$(BIN)/python .ci/mutate.py sample

audit: $(FIRE)  ## Licences and known vulnerabilities of dependencies, and a wheel that two builds agree on
	$(BIN)/python .ci/audit.py

wheel: $(INSTALLED)  ## Build the wheel, look inside, install it beside its neighbours
	$(BIN)/python .ci/check_wheel.py

clean:  ## Remove what was made
	rm -rf $(VENV) build dist
