# relmk's own driver: its demo release, set-up, and tests. The targets of releases are those of
# mk/relmk.mk, as any project has them.

# Configuration.

# The applications of the demo release; the library that the others need comes first.
RELMK_APPS = rel/apps/kazoo_stdlib rel/apps/ecallmgr rel/apps/kazoo_apps rel/apps/enit

# make test T=PATTERN runs the scripts with that in their path; `unit` is the unit tests. CASE=PATTERN:
# only results with that in their names count.
T ?=
CASE ?=

# make test-fresh SUITE=trixie: the Debian that is tried.
SUITE ?= bookworm

# The `./` is for erlang.mk, which may have this project as a dependency: it rewrites a Makefile that
# looks like rebar3's to it, and to include `../X.mk` (its dots match anything) is such a look.
include ./mk/relmk.mk
include ./mk/setup.mk

# Core targets.

# As another project's dependency (erlang.mk says so) only what assembles its releases is wanted; its other targets
# build what else they run.
IS_DEP ?=
ifneq ($(IS_DEP),)
.DEFAULT_GOAL := relmk-tools-for-build-release
endif

# make fuzz SECONDS=N: how long each parser is fuzzed.
SECONDS ?= 10

.PHONY: test bench fuzz test-fresh lint clean

## Run all tests, or those whose path holds T=PATTERN and whose name holds CASE=PATTERN
test: $(if $(filter unit,$(T)),relmk-unit,relmk-all)
	$(RELMK_VERBOSE)RELMK_TOOLS=$(RELMK_TOOLS) tests/run '$(T)' '$(CASE)'

## Measure against rebar3, systools, erl_call and relx's start script
bench: relmk-all
	$(RELMK_VERBOSE)RELMK_TOOLS=$(RELMK_TOOLS) tests/bench/run

## Fuzz every parser for SECONDS=10 each; of one: tests/fuzz/run SECONDS TARGET
fuzz:
	$(RELMK_VERBOSE)tests/fuzz/run '$(SECONDS)'

## Try set-up, build and tests in a bare Debian (SUITE=bookworm or trixie), as root
test-fresh:
	$(RELMK_VERBOSE)tests/fresh '$(SUITE)'

## Check the form of the sources: clang-format, shellcheck
lint:
	$(RELMK_VERBOSE)tests/lint

## Remove what building leaves
clean: clean-release clean-ebin
	$(RELMK_VERBOSE)rm -rf build

# The unit tests alone, which need no executable.
.PHONY: relmk-unit
relmk-unit: $(RELMK_BUILD_DIR)/build.ninja
	$(RELMK_VERBOSE)[ -e $(RELMK_BUILD_DIR)/tests/unit/unit ] || \
		echo 'relmk: builds the unit tests in $(RELMK_BUILD_DIR), the first time for some minutes' >&2
	$(RELMK_VERBOSE)ninja -C $(RELMK_BUILD_DIR) tests/unit/unit >&2

# The unit tests too.
.PHONY: relmk-all
relmk-all: relmk-tools
	$(RELMK_VERBOSE)ninja -n -C $(RELMK_BUILD_DIR) | grep -q 'no work to do' || ninja -C $(RELMK_BUILD_DIR) >&2
