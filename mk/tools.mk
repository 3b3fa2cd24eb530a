# Builds relmk's executables, where they aren't installed: by Meson and Ninja, in a directory of
# relmk's own, when they are missing or their sources have changed.

# Configuration.

# Where the executables are built: a directory that Meson has configured, or will.
RELMK_BUILD_DIR ?= $(RELMK_DIR)/build

# Meson's build type. It counts when the directory is configured, see `meson configure`.
RELMK_BUILD_TYPE ?= release

# Where the executables are. Said from outside, nothing is built.
ifeq ($(origin RELMK_TOOLS),undefined)
RELMK_TOOLS := $(RELMK_BUILD_DIR)/tools
RELMK_TOOLS_ARE_BUILT := 1
else
RELMK_TOOLS_ARE_BUILT :=
endif

# Plugin-specific targets.

.PHONY: relmk-tools

ifeq ($(RELMK_TOOLS_ARE_BUILT),1)
RELMK_EXECUTABLES := $(basename $(notdir $(wildcard $(RELMK_DIR)/tools/*.cpp)))

# Whether all executables are there and nothing that they are made of is newer than the last time that Ninja
# looked. Ninja itself knows more, as what the system's headers are, but takes longer to say that there is nothing to
# do than it takes to assemble a release that is there.
relmk_looked = $(RELMK_BUILD_DIR)/.relmk-tools
relmk_tools_are_there = [ -e $(relmk_looked) ] \
	$(foreach name,$(RELMK_EXECUTABLES),&& [ -x $(RELMK_BUILD_DIR)/tools/$(name) ]) && \
	[ -z "$$(find -H $(RELMK_DIR)/tools $(RELMK_DIR)/meson.build $(RELMK_BUILD_DIR)/build.ninja \
		-newer $(relmk_looked) -print -quit)" ]

# What is said goes to stderr: stdout is for results. Ninja's own word that there is nothing to do
# isn't worth a line. What changes while Ninja works, or in the second before, is looked at again.
relmk-tools: $(RELMK_BUILD_DIR)/build.ninja
	$(RELMK_VERBOSE){ $(relmk_tools_are_there); } || { \
		touch -d '1 second ago' $(relmk_looked).new 2>/dev/null; \
		ninja -n -C $(RELMK_BUILD_DIR) $(addprefix tools/,$(RELMK_EXECUTABLES)) | \
		grep -q 'no work to do' || { \
		[ -e $(RELMK_BUILD_DIR)/tools/nodetool ] || \
			echo 'relmk: builds its executables in $(RELMK_BUILD_DIR), once, which takes some minutes' >&2; \
		ninja -C $(RELMK_BUILD_DIR) $(addprefix tools/,$(RELMK_EXECUTABLES)) >&2; } && \
		{ mv $(relmk_looked).new $(relmk_looked) 2>/dev/null || :; }; }

$(RELMK_BUILD_DIR)/build.ninja:
	$(RELMK_VERBOSE)command -v meson >/dev/null || { echo "error: Meson isn't installed" >&2; \
		echo "hint: make -C $(RELMK_DIR) setup" >&2; exit 1; }
	$(RELMK_VERBOSE)meson setup --buildtype=$(RELMK_BUILD_TYPE) $(RELMK_BUILD_DIR) $(RELMK_DIR) >&2

# `make -j setup build-release` sets up first.
ifneq ($(filter setup,$(value MAKECMDGOALS)),)
$(RELMK_BUILD_DIR)/build.ninja: | setup
endif
else
relmk-tools:
endif

# $(call relmk_tool,NAME): the path of an executable. It ends make where this relmk has none of that name.
relmk_tool = $(if $(RELMK_TOOLS_ARE_BUILT),$(if $(filter $1,$(RELMK_EXECUTABLES)),,$(error \
	this relmk has no $1)))$(RELMK_TOOLS)/$1
