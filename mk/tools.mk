# Builds relmk's executables, where they aren't installed: by Meson and Ninja, in a directory of
# relmk's own, when they are missing or their sources have changed. Each target builds those that it needs.

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

# The executables that a target runs or puts into a release: its prerequisite relmk-tools-for-TARGET builds them.
# Where it makes another target first, the other's are among them, so that Ninja is started once. What
# assembles releases has with it what `make release` asks, which builds nothing.
relmk_tools_for_build-release := assemble-release nodetool relx-config read-cookie
relmk_tools_for_build-dev-release = $(relmk_tools_for_build-release)
relmk_tools_for_build-ci-release = $(relmk_tools_for_build-release)
relmk_tools_for_build-dist-release = $(relmk_tools_for_build-release)
relmk_tools_for_build-all-release = $(relmk_tools_for_build-release)
relmk_tools_for_install = $(relmk_tools_for_build-release)
relmk_tools_for_tar-release := make-tar nodetool relx-config read-cookie
relmk_tools_for_relx-rel = $(if $(filter-out \
	0,$(RELX_TAR)),$(relmk_tools_for_tar-release),$(relmk_tools_for_build-release))
relmk_tools_for_relup-release = $(relmk_tools_for_build-release) make-relup
relmk_tools_for_relx-relup = $(relmk_tools_for_relup-release) $(if $(filter-out 0,$(RELX_TAR)),make-tar)
relmk_tools_for_test-upgrade = $(relmk_tools_for_relup-release) make-tar
relmk_tools_for_compile-apps := relx-config
relmk_tools_for_xref_release := relx-config xref-release
relmk_tools_for_read-release-cookie := read-cookie
relmk_tools_for_check-release-cookie := read-cookie

relmk_targets_with_tools := $(patsubst relmk_tools_for_%,%,$(filter relmk_tools_for_%,$(.VARIABLES)))
relmk_tool_targets := relmk-tools $(addprefix relmk-tools-for-,$(relmk_targets_with_tools))
.PHONY: $(relmk_tool_targets)

ifeq ($(RELMK_TOOLS_ARE_BUILT),1)
RELMK_EXECUTABLES := $(basename $(notdir $(wildcard $(RELMK_DIR)/tools/*.cpp)))

# With a target's those of all goals of this make, for which Ninja is not started again then, and the module that make
# has loaded. $(call relmk_wanted_tools,TARGET)
relmk_wanted_tools = $(sort $(foreach target,$1 $(filter $(relmk_targets_with_tools),$(value \
	MAKECMDGOALS)),$(relmk_tools_for_$(target))) $(if $(filter-out undefined,$(origin relmk_take_over)),take-over.so))

# Whether executables are there and nothing that they are made of is newer than the last time that Ninja
# looked at them, which is the time of a file for each. Ninja itself knows more, as what the system's headers are, but
# takes longer to say that there is nothing to do than it takes to assemble a release that is there.
# $(call relmk_tools_are_there,NAMES)
relmk_looked = $(addprefix $(RELMK_BUILD_DIR)/.relmk-looked/,$1)
relmk_tools_are_there = $(foreach name,$1,[ -x $(RELMK_BUILD_DIR)/tools/$(name) ] && [ -e $(call relmk_looked,$(name)) ] &&) \
	[ -z "$$(find -H $(RELMK_DIR)/tools $(RELMK_DIR)/meson.build $(RELMK_BUILD_DIR)/build.ninja \
		\( $(patsubst %,-newer % -o,$(call relmk_looked,$1)) -false \) -print -quit)" ]

# What is said goes to stderr: stdout is for results. Ninja's own word that there is nothing to do
# isn't worth a line. What changes while Ninja works, or in the second before, is looked at again. Ninja does not
# bear another one in its directory. $(call relmk_build_tools,NAMES)
relmk_build_tools = { $(call relmk_tools_are_there,$1); } || { flock 9; \
	{ mkdir -p $(RELMK_BUILD_DIR)/.relmk-looked && touch -d '1 second ago' $(call relmk_looked,.new); } 2>/dev/null; \
	ninja -n -C $(RELMK_BUILD_DIR) $(addprefix tools/,$1) | grep -q 'no work to do' || { \
	$(foreach name,$1,[ -e $(RELMK_BUILD_DIR)/tools/$(name) ] &&) : || \
		echo 'relmk: builds $1 in $(RELMK_BUILD_DIR), the first time for some minutes' >&2; \
	ninja -C $(RELMK_BUILD_DIR) $(addprefix tools/,$1) >&2; } && \
	{ touch -r $(call relmk_looked,.new .new $1) 2>/dev/null || :; }; } 9<$(RELMK_BUILD_DIR)

## Build all executables of relmk; other targets build those that they need
relmk-tools: $(RELMK_BUILD_DIR)/build.ninja
	$(RELMK_VERBOSE)$(call relmk_build_tools,$(RELMK_EXECUTABLES))

$(filter-out relmk-tools,$(relmk_tool_targets)): relmk-tools-for-%: $(RELMK_BUILD_DIR)/build.ninja
	$(RELMK_VERBOSE)$(call relmk_build_tools,$(call relmk_wanted_tools,$*))

$(RELMK_BUILD_DIR)/build.ninja:
	$(RELMK_VERBOSE)command -v meson >/dev/null || { echo "error: Meson isn't installed" >&2; \
		echo "hint: make -C $(RELMK_DIR) setup" >&2; exit 1; }
	$(RELMK_VERBOSE)meson setup --buildtype=$(RELMK_BUILD_TYPE) $(RELMK_BUILD_DIR) $(RELMK_DIR) >&2

# `make -j setup build-release` sets up first.
ifneq ($(filter setup,$(value MAKECMDGOALS)),)
$(RELMK_BUILD_DIR)/build.ninja: | setup
endif
else
$(relmk_tool_targets):
endif

# $(call relmk_tool,NAME): the path of an executable. It ends make where this relmk has none of that name.
relmk_tool = $(if $(RELMK_TOOLS_ARE_BUILT),$(if $(filter $1,$(RELMK_EXECUTABLES)),,$(error \
	this relmk has no $1)))$(RELMK_TOOLS)/$1
