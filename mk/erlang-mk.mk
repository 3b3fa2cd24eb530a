# erlang.mk's names for releases: what its own plugin for relx offers, in any Makefile.
#
# `rel` assembles the release and packs it; between the two it runs the project's hook relx-post-rel.

# Configuration.

# 1: `rel` also makes the release one file that runs, see sfx.mk.
SFX ?=

# 0: no tarball.
RELX_TAR ?= 1
ifneq ($(SFX),)
RELX_TAR = 1
endif

# What the start script's name ends with.
RELX_REL_EXT ?=

# The release that `run` runs, and the command that its start script is given: console where it has
# commands.
RELX_REL_NAME ?= $(relmk_release_name)
RELX_REL_VSN ?= $(relmk_release_version)
RELX_REL_CMD ?= $(if $(relmk_release_has_commands),console)

# These in one, with 1 where the start script has commands: makefiles ask whether there is a release.
RELX_REL ?= $(RELX_REL_NAME) $(RELX_REL_VSN) $(if $(relmk_release_has_commands),1)

# 1: `rel` makes the running node load the modules that have changed.
RELOAD ?=

# Where the project's applications need relx, erlang.mk's own plugin is at work, and these names are its.
relmk_relx_is_needed := $(if $(RELMK_IN_ERLANG_MK),$(filter relx,$(DEPS)))
ifneq ($(relmk_relx_is_needed),)
$(warning relx is in DEPS: rel, relup and run are those of its plugin; build-release is relmk's)
else

# Core targets.

.PHONY: rel relup run relx-rel relx-relup relx-post-rel distclean-relx-rel

relmk_release_script = $(call \
	relmk_quote,$(RELX_OUTPUT_DIR)/$(RELX_REL_NAME)/bin/$(RELX_REL_NAME)$(RELX_REL_EXT))

ifeq ($(RELMK_IN_ERLANG_MK),1)
# Unless this is a dependency of another project.
ifeq ($(IS_DEP),)
ifneq ($(wildcard $(RELX_CONFIG) $(RELX_CONFIG_SCRIPT)),)
rel:: relx-rel
relup:: relx-relup
run:: RELX_TAR := 0
run:: all
	$(RELMK_VERBOSE)exec $(relmk_release_script) $(RELX_REL_CMD)
endif
endif

ifneq ($(RELOAD),)
rel:: relmk-reload
endif

distclean:: distclean-relx-rel
else
## Assemble the release, run the hook relx-post-rel, and make the tarball (RELX_TAR=0: none)
rel: relx-rel $(if $(RELOAD),relmk-reload)

relup: relx-relup

## Build the release, and run it in the foreground with a shell
run: run-release
endif

# Plugin-specific targets.

.PHONY: relmk-own-app relmk-reload

relx-rel: relmk-tools-for-relx-rel $(RELMK_RELEASE_DEPS) $(call relmk_made,relx-rel,$(RELX_CONFIG))
	$(RELMK_VERBOSE)$(if $(filter-out 0,$(RELX_TAR)),$(call relmk_pack,$(RELX_CONFIG)),$(call \
		relmk_assemble,$(RELX_CONFIG),))

relx-relup: relmk-tools-for-relx-relup relup-release
	$(if $(filter-out 0,$(RELX_TAR)),$(RELMK_VERBOSE)$(call relmk_pack,$(RELX_CONFIG)))

distclean-relx-rel: clean-release

# The project's own rules of this name change the release before it is packed.
relx-post-rel::
	@:

# A make of its own, as in erlang.mk: the hook runs when the release is there, not before. Where no
# makefile has one, that is spared. It shares no job server with this make, which is not its parent.
relmk_hook_files = $(filter-out $(RELMK_DIR)/mk/% %erlang.mk,$(MAKEFILE_LIST))
relmk_has_hook = $(findstring relx-post-rel,$(foreach file,$(relmk_hook_files),$(if $(wildcard \
	$(file)),$(file <$(file)))))
relmk_hook_option = $(if $(relmk_has_hook),--hook $(call relmk_quote,MAKEFLAGS=$(call \
	relmk_quote,$(filter-out -j% --jobserver-auth=%,$(MAKEFLAGS))) $(relmk_make) relx-post-rel $1))

relmk-reload: relx-rel
	$(RELMK_VERBOSE)$(relmk_release_script) ping
	$(RELMK_VERBOSE)$(relmk_release_script) eval 'io:format("~p~n", [c:lm()]).'

endif

ifeq ($(RELMK_IN_ERLANG_MK),1)
# An application in the project's own directory is found in a directory that holds it.
relmk_own_app = $(or $(ERLANG_MK_TMP),$(CURDIR)/.erlang.mk)/relmk/$(or $(strip $(PROJECT)),$(notdir $(CURDIR)))
override RELMK_RELEASE_OPTS += -l "$(dir $(relmk_own_app))"

relmk-own-app:
	$(RELMK_VERBOSE)mkdir -p "$(dir $(relmk_own_app))" && ln -sfn "$(CURDIR)" "$(relmk_own_app)"
endif
