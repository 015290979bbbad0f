# Everything sets itself up on a fresh Debian machine, as root or through sudo.
.PHONY: demo test quick bench fuzz lint prepare-quick prepare-lab

bin := .venv/bin
# They start Git and shells hundreds of times, and come with `make test` alone.
busy := tests/unit/tools/git tests/unit/tools/chezmoi tests/house/test_users_page_files.py

# The stories start stems many hundred times: where this is set, each of them would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

# The whole story on three real nodes on this machine.
demo: prepare-lab
	$(bin)/stems lab demo

# All there is: needs Docker, takes minutes. Three labs at a time: two leave processors idle. The stories are long and come
# first, so that no lab is idle in the end.
test:
	$(MAKE) -j2 -O quick prepare-lab
	$(bin)/pytest -n 3 --dist loadfile --no-loadscope-reorder -rs --durations=15 tests/cluster tests/contract tests/robust $(busy)

# What needs no node and no Docker: under a minute.
quick: lint
	$(bin)/pytest -n 2 $(addprefix --ignore=,$(busy)) tests/unit tests/house tests/transcripts

# What reading commands cost, beside what people use today; written to bench/results.md.
bench: prepare-lab
	$(bin)/python -m bench.run

# Look for input that breaks a reader, for this many seconds. What does is written to fuzz/found/.
fuzz: prepare-quick
	$(bin)/python -m fuzz.run --seconds $(or $(SECONDS),120)

lint: prepare-quick
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports

prepare-quick:
	@setup/prepare quick

prepare-lab: prepare-quick
	@setup/prepare lab
