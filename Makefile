# Two commands for a stranger: `make run` and `make test`. The rest is for those who change things.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

# .venv/test-ready holds the extra `risk` too; `risk.txt` is for those who want only the analyst's part.
.PHONY: spark bench-knowledge bench-risk run test check format lint types storeys faults bench bench-records soak soak-rough conformance axe screenshots matrix shape sbom lock clean

.venv/run-ready: requirements/core.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/core.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

.venv/test-ready: requirements/dev.txt .venv/run-ready
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

run: .venv/run-ready ## the product with the practice region on 127.0.0.1:$(PORT)
	$(BIN)/entrepot serve --demo --port $(PORT)

test: .venv/test-ready ## every test that needs nothing else installed, on SQLite
	$(BIN)/pytest -m "not browser and not slow and not spark" -n 2

check: .venv/test-ready format lint types storeys test ## all that has to hold before a commit

format: .venv/test-ready
	$(BIN)/ruff format --check src tests bench
	$(BIN)/djhtml --check --tabwidth 2 src

lint: .venv/test-ready
	$(BIN)/ruff check src tests bench

types: .venv/test-ready
	$(BIN)/mypy

storeys: .venv/test-ready
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tests.house.doors

faults: .venv/test-ready ## kill -9 during writes, a hundred rounds
	FAULT_ROUNDS=100 $(BIN)/pytest tests/faults -m "slow or not slow" -n 0

bench: .venv/test-ready ## server time with 100,000 people
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.programme

bench-knowledge: .venv/test-ready ## the collection: server time of a search over 20,000 practices
	$(BIN)/python -m bench.knowledge

bench-records: .venv/test-ready ## the record store: throughput, where the time goes, answers at 100,000
	$(BIN)/python -m bench.records

soak: .venv/test-ready ## an hour at twenty requests a second, on DATABASE (sqlite, postgresql); SOAK_MINUTES for less
	$(BIN)/python -m bench.soak calm $(or $(DATABASE),sqlite)

soak-rough: .venv/test-ready ## the same with slow clients, a full disk and the database away
	$(BIN)/python -m bench.soak rough $(or $(DATABASE),sqlite)

conformance: .venv/test-ready ## the record store beside ADL's suite in the folder SUITE, or courses in the folder PACKAGES
	$(if $(SUITE),$(BIN)/python -m tests.capacity.conformance $(SUITE))
	$(if $(PACKAGES),$(BIN)/python -m tests.capacity.packages $(PACKAGES))
	@test -n "$(SUITE)$(PACKAGES)" || { echo "Say SUITE=folder or PACKAGES=folder; docs/testing.md says how to fetch them." >&2; exit 2; }

axe: .venv/test-ready ## every page, both themes, both widths
	AXE_ALL=1 $(BIN)/pytest tests/browser -m browser -n 0

screenshots: .venv/test-ready ## the README's pictures
	$(BIN)/python -m tests.browser.screenshots

matrix: .venv/test-ready ## docs/requirements.md, from the tests
	$(BIN)/python -m tests.house.requirements

shape: .venv/test-ready ## what a reader meets in the tree, in figures; ROOM=needs
	@$(BIN)/python -m tests.house.shape $(ROOM)

sbom: ## docs/sbom.json, from the lock file
	$(PYTHON) -m tests.house.sbom

.venv/spark-ready: requirements/spark.txt .venv/test-ready
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt
	@touch $@

spark: .venv/spark-ready ## the risk engine: what takes long, and Apache Spark (needs Java 17)
	$(BIN)/pytest tests/risk -m "spark or slow" -n 0

bench-risk: .venv/test-ready ## speed of the risk engine, the bare libraries beside it
	$(BIN)/python -m bench.risk

lock: ## requirements/*.txt anew, without addresses
	uv pip compile --universal --generate-hashes --no-header --no-annotate -q pyproject.toml --extra build -o requirements/core.txt
	uv pip compile --universal --generate-hashes --no-header --no-annotate -q pyproject.toml --extra build --extra risk -c requirements/core.txt -o requirements/risk.txt
	uv pip compile --universal --generate-hashes --no-header --no-annotate -q pyproject.toml --extra build --extra dev --extra risk -c requirements/risk.txt -o requirements/dev.txt
	uv pip compile --universal --generate-hashes --no-header --no-annotate -q pyproject.toml --extra build --extra risk --extra spark -c requirements/risk.txt -o requirements/spark.txt
