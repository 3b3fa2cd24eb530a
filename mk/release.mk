# Assembles releases: what a relx configuration says, laid out below RELX_OUTPUT_DIR.
#
# Where FILE.script lies beside the configuration FILE, its value is the configuration. It is written
# to FILE, to be read; where FILE is hand-written, it is the script's CONFIG, and the value is
# written below RELX_OUTPUT_DIR only. The executables themselves are given FILE: what they say is about
# the user's file, and what it names is looked for beside it.

# Configuration.

# relx.config, rebar.config or release.toml.
RELX_CONFIG ?= $(patsubst %.script,%,$(firstword \
	$(wildcard rel/relx.config rel/relx.config.script relx.config relx.config.script) rel/relx.config))

# What is evaluated over it: erlang.mk's newest knows it by this name. As there, one that is not there is none.
RELX_CONFIG_SCRIPT ?= $(RELX_CONFIG).script

RELX_OUTPUT_DIR ?= _rel

# Targets that are made before a release is assembled: what compiles its applications.
RELMK_RELEASE_DEPS ?= $(if $(RELMK_IN_ERLANG_MK),rel-deps app relmk-own-app) $(if $(RELMK_APPS),compile-apps)

# The release that is meant where the configuration has several, for every target; its default_release
# unless said.
RELMK_RELEASE_NAME ?=

# Applications of which the release makes nodes, beside the configuration's {node_types, […]}.
RELMK_NODE_TYPES ?=

# More options for assemble-release and make-tar, for example: -v 1.2.0 -l ../lib
RELMK_RELEASE_OPTS ?=

# What relup-release makes an upgrade from: versions in RELX_OUTPUT_DIR, or tarballs, with commas between; the
# highest version below the release's unless said.
UPFROM ?=

# Appups that are missing are made, unless this is `hand`. RELMK_APPUPS_DIR/APP/OLD-NEW.appup goes before all
# others.
RELMK_APPUPS ?= made
RELMK_APPUPS_DIR ?= rel/appups

# test-upgrade runs this command, by sh -c, after each of its steps.
VERIFY ?=

# `make install` assembles the release below this directory.
DESTDIR ?=
RELMK_INSTALL_DIR ?= $(DESTDIR)/opt

# Plugin-specific targets.

.PHONY: build-release build-dev-release build-ci-release build-dist-release build-all-release \
	tar-release relup-release test-upgrade xref_release install clean-release run-release

# Of other configurations (rebar3's, TOML) the executables evaluate the script themselves.
relmk_has_script = $(if $(filter %relx.config,$1),$(if $(and $(filter \
	$(RELX_CONFIG),$1),$(relmk_other_script)),,$(wildcard $1.script)))

# The configuration of a flavour (dev., ci., dist.), if the project has one, else RELX_CONFIG.
relmk_flavour_file = $(dir $(RELX_CONFIG))$1$(notdir $(RELX_CONFIG))
relmk_flavour = $(if $(wildcard $(call relmk_flavour_file,$1) \
	$(call relmk_flavour_file,$1).script),$(call relmk_flavour_file,$1),$(RELX_CONFIG))

# Of a Mix project a flavour is an environment, unless MIX_ENV says which one is meant: also for what
# compiles it. $(call relmk_mode,MODE)
relmk_mode = $(if $(filter %.exs,$(RELX_CONFIG)),,--mode $1)
ifeq ($(filter %.exs,$(RELX_CONFIG))$(origin MIX_ENV),$(RELX_CONFIG)undefined)
build-dev-release: export MIX_ENV := dev
build-dist-release: export MIX_ENV := prod
endif

# Without a configuration of its own, a flavour may have its sys.config. $(call relmk_flavour_options,FLAVOUR)
relmk_flavour_options = $(if $(filter $(RELX_CONFIG),$(call relmk_flavour,$1.)),$(addprefix --sys-config \
	,$(firstword $(wildcard $(addprefix $(dir $(RELX_CONFIG))$1,.sys.config -sys.config)))))

# A configuration that a rule of the project makes is made. Where there is no rule, nothing is.
# $(call relmk_made,TARGET,CONFIG)
relmk_made = $(if $(filter $1,$(relmk_taken_over)),,$2)
$(sort $(RELX_CONFIG) $(foreach flavour,dev. ci. dist.,$(call relmk_flavour,$(flavour)))):

# $(call relmk_written_config,CONFIG): options that write down what the script comes to.
relmk_written_config = $(if $(call relmk_has_script,$1),--write-config $(call \
	relmk_quote,$(RELX_OUTPUT_DIR)/$(notdir $1)) --write-config $(call relmk_quote,$1))

# $(call relmk_config,CONFIG): the options that say which configuration is meant. A script that lies elsewhere
# is that of RELX_CONFIG.
relmk_config = -c $(call relmk_quote,$1) $(if $(filter $(RELX_CONFIG),$1),$(relmk_other_script))
relmk_other_script = $(if $(filter $(abspath $(RELX_CONFIG).script),$(abspath \
	$(RELX_CONFIG_SCRIPT))),,--config-script $(call relmk_quote,$(wildcard $(RELX_CONFIG_SCRIPT))))

# What says which release is meant, to assemble-release and make-tar. $(call relmk_release_options,CONFIG)
relmk_release_options = $(call relmk_config,$1) $(if $(RELMK_RELEASE_NAME),-n $(call \
	relmk_quote,$(RELMK_RELEASE_NAME))) $(addprefix --node-type ,$(RELMK_NODE_TYPES)) $(RELMK_RELEASE_OPTS)

# Commands that assemble the release, run the project's hook, and pack it. $(call relmk_assemble,CONFIG,OPTIONS)
relmk_assemble = $(call relmk_tool,assemble-release) $(relmk_release_options) \
	$(relmk_written_config) -o $(call relmk_quote,$(RELX_OUTPUT_DIR)) $2 $(call relmk_hook_option,)
relmk_pack = $(call relmk_tool,make-tar) $(relmk_release_options) \
	$(relmk_written_config) -o $(call relmk_quote,$(RELX_OUTPUT_DIR)) $(call relmk_hook_option,)

# What the configuration says, asked once for all: the release that is meant, its version, and `commands`
# where its start script has any.
relmk_described = $(eval relmk_described := $$(shell { $$(relmk_describe); } 2>/dev/null))$(relmk_described)
relmk_describe = $(call relmk_tool,relx-config) $(call relmk_config,$(RELX_CONFIG)) --describe \
	$(if $(RELMK_RELEASE_NAME),-n $(call relmk_quote,$(RELMK_RELEASE_NAME)))
relmk_release_name = $(or $(RELMK_RELEASE_NAME),$(word 1,$(relmk_described)),kazoo)
relmk_release_version = $(word 2,$(relmk_described))
relmk_release_has_commands = $(filter commands,$(word 3,$(relmk_described)))

# What a recipe begins with that wants an assembled release, but builds none: it is in the directory
# relmk_release. Where the configuration is there, but does not say which one is meant, its error is told.
relmk_release = $(RELX_OUTPUT_DIR)/$(relmk_release_name)
relmk_named = $(or $(RELMK_RELEASE_NAME),$(relmk_described),$(if $(and $(wildcard \
	$(RELX_CONFIG) $(RELX_CONFIG_SCRIPT)),$(wildcard $(call relmk_tool,relx-config))),,unknown))
relmk_need_release = $(if $(relmk_named),,$(relmk_describe) >/dev/null || { \
	echo 'hint: RELMK_RELEASE_NAME=NAME says which release is meant, without the configuration' >&2; exit 1; }; )test -d $(call \
	relmk_quote,$(relmk_release)) || { printf 'error: there is no release at %s\nhint: make build-release\n' \
	$(call relmk_quote,$(relmk_release)) >&2; exit 1; }

# A command that prints the names of the releases which a configuration has.
relmk_release_names = $(call relmk_tool,relx-config) $(call relmk_config,$1) --release-names

## Assemble the release below _rel, from rel/relx.config and its script
build-release: relmk-tools-for-build-release $(RELMK_RELEASE_DEPS) $(call relmk_made,build-release,$(RELX_CONFIG))
	$(RELMK_VERBOSE)$(call relmk_assemble,$(RELX_CONFIG),)

## The same from rel/dev.relx.config, with links to the applications
build-dev-release: relmk-tools-for-build-dev-release $(RELMK_RELEASE_DEPS) $(call relmk_made,build-dev-release,$(call relmk_flavour,dev.))
	$(RELMK_VERBOSE)$(call relmk_assemble,$(call relmk_flavour,dev.),$(call relmk_flavour_options,dev) $(call relmk_mode,dev))

## The same from rel/ci.relx.config
build-ci-release: relmk-tools-for-build-ci-release $(RELMK_RELEASE_DEPS) $(call relmk_made,build-ci-release,$(call relmk_flavour,ci.))
	$(RELMK_VERBOSE)$(call relmk_assemble,$(call relmk_flavour,ci.),$(call relmk_flavour_options,ci))

## The same from rel/dist.relx.config, stripped and with its own Erlang
build-dist-release: relmk-tools-for-build-dist-release $(RELMK_RELEASE_DEPS) $(call relmk_made,build-dist-release,$(call relmk_flavour,dist.))
	$(RELMK_VERBOSE)$(call relmk_assemble,$(call relmk_flavour,dist.),$(call relmk_flavour_options,dist) $(call relmk_mode,prod))

## Assemble every release that the configuration names
build-all-release: relmk-tools-for-build-all-release $(RELMK_RELEASE_DEPS) $(call relmk_made,build-all-release,$(RELX_CONFIG))
	$(RELMK_VERBOSE)names=$$($(call relmk_release_names,$(RELX_CONFIG))) && test -n "$$names" && \
	set -- $(call relmk_written_config,$(RELX_CONFIG)) && \
	for name in $$names; do $(call relmk_tool,assemble-release) $(call relmk_config,$(RELX_CONFIG)) -n "$$name" \
		$(RELMK_RELEASE_OPTS) "$$@" -o $(call relmk_quote,$(RELX_OUTPUT_DIR)) || exit; set --; done

## Make the release's tarball, ready to be unpacked elsewhere
tar-release: relmk-tools-for-tar-release $(RELMK_RELEASE_DEPS) $(call relmk_made,tar-release,$(RELX_CONFIG))
	$(RELMK_VERBOSE)$(call relmk_pack,$(RELX_CONFIG))

## Make the upgrade from UPFROM, versions in _rel or a tarball, or else the version before, to the release
relup-release: relmk-tools-for-relup-release build-release
	$(RELMK_VERBOSE)$(call relmk_tool,make-relup) -n $(call relmk_quote,$(relmk_release_name)) \
		$(if $(UPFROM),-u $(call relmk_quote,$(UPFROM))) -o $(call relmk_quote,$(RELX_OUTPUT_DIR)) \
		--appups $(call relmk_quote,$(RELMK_APPUPS_DIR)) $(if $(filter hand,$(RELMK_APPUPS)),--hand-written-only)

## Upgrade a node from UPFROM and back in a scratch place, with VERIFY after each step
test-upgrade: relmk-tools-for-test-upgrade relup-release
	$(if $(UPFROM),,$(error test-upgrade needs UPFROM=VERSION, or UPFROM=TARBALL of the old release))
	$(RELMK_VERBOSE)$(call relmk_pack,$(RELX_CONFIG)) && $(call relmk_quote,$(RELMK_DIR)/mk/test-upgrade.sh) \
		$(call relmk_quote,$(relmk_release)) $(call relmk_quote,$(UPFROM)) \
		$(call relmk_quote,$(VERIFY))

## Find calls to functions that the release does not hold; fails where there are any
xref_release: relmk-tools-for-xref_release
	$(RELMK_VERBOSE)$(relmk_need_release); $(call relmk_tool,xref-release) --strict $(call relmk_quote,$(relmk_release))

# After all that `install` depends on in the project's Makefile, which may compile.
## Assemble the release below /opt (DESTDIR, RELMK_INSTALL_DIR)
install: relmk-tools-for-install
	+$(RELMK_VERBOSE)$(relmk_make) build-release
	$(RELMK_VERBOSE)$(call relmk_tool,assemble-release) $(call relmk_release_options,$(RELX_CONFIG)) \
		-o $(call relmk_quote,$(RELMK_INSTALL_DIR)) $(call \
		relmk_hook_option,RELX_OUTPUT_DIR=$(call relmk_quote,$(RELMK_INSTALL_DIR)))

# relx-config knows what it has written; where it is not there, a configuration that has a script stays, which is said.
# _rel is nobody else's, but another directory may be.
## Remove the releases that were made, and the configuration that was generated
clean-release:
	$(RELMK_VERBOSE)$(if $(wildcard $(call relmk_tool,relx-config)),$(if $(relmk_configs),$(call \
		relmk_tool,relx-config) $(foreach config,$(relmk_configs),--remove-generated $(call \
		relmk_quote,$(config))) && ),$(foreach config,$(relmk_configs),$(if $(wildcard \
		$(config).script),echo $(call relmk_quote,$(config)$(relmk_stays)) >&2 && )))$(if $(filter \
		_rel,$(RELX_OUTPUT_DIR)),rm -rf --one-file-system _rel,$(call \
		relmk_quote,$(RELMK_DIR)/mk/remove-releases.sh) $(call relmk_quote,$(RELX_OUTPUT_DIR)))
relmk_flavour_files = $(foreach flavour,dev. ci. dist.,$(call relmk_flavour_file,$(flavour)))
relmk_configs = $(sort $(wildcard $(RELX_CONFIG) $(relmk_flavour_files) $(if $(filter-out \
	_rel,$(RELX_OUTPUT_DIR)),$(addprefix $(RELX_OUTPUT_DIR)/,$(notdir $(RELX_CONFIG) $(relmk_flavour_files))))))
relmk_stays = $() stays: relx-config, which is not built, knows whether it was generated
