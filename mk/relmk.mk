# relmk: builds, ships and runs Erlang releases from make.
#
#   include PATH/mk/relmk.mk                   in a project's Makefile, or
#   DEP_PLUGINS = relmk/mk/relmk.mk            in one that uses erlang.mk
#
# This is the only fragment that users include. `make help` lists the targets. Every variable under
# Configuration can be set in the Makefile before the include, in the environment, or on the command
# line. GNU Make 4.3 or later.

# Configuration.

# Where this copy of relmk is.
RELMK_DIR := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
ifeq ($(wildcard $(RELMK_DIR)/mk/relmk.mk),)
$(error make cannot use relmk from a directory whose path has blanks: put it elsewhere)
endif

# 1: show the commands.
V ?= 0
RELMK_VERBOSE := $(if $(filter-out 0,$(V)),,@)

# Whether this Makefile is erlang.mk's: 1 or empty. Its variables reach other makefiles too, through
# the environment.
RELMK_IN_ERLANG_MK := $(if $(filter file,$(origin ERLANG_MK_VERSION)),1)

relmk_empty :=
relmk_space := $(relmk_empty) $(relmk_empty)
relmk_comma := ,

# Core targets.

# Where the project's Makefile has named no target before the include, `make` builds its release.
ifeq ($(.DEFAULT_GOAL),)
.DEFAULT_GOAL := build-release
endif

# Plugin-specific targets.

include $(RELMK_DIR)/mk/tools.mk
include $(RELMK_DIR)/mk/apps.mk
include $(RELMK_DIR)/mk/release.mk
include $(RELMK_DIR)/mk/node.mk
include $(RELMK_DIR)/mk/help.mk

# A makefile that exports all variables doesn't mean these: they are functions.
unexport $(filter relmk_%,$(.VARIABLES))
