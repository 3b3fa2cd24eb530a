# relmk: builds, ships and runs Erlang releases from make.
#
#   include PATH/mk/relmk.mk                   in a project's Makefile, or
#   DEP_PLUGINS = relmk/mk/relmk.mk            in one that uses erlang.mk
#
# This is the only fragment that users include, before or after whatever else their Makefile has.
# `make help` lists the targets. Every variable under Configuration can be set in the Makefile before
# the include, in the environment, or on the command line. GNU Make 4.3 or later.

# Configuration.

# Where this copy of relmk is.
RELMK_DIR := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
ifeq ($(wildcard $(RELMK_DIR)/mk/relmk.mk),)
$(error make cannot use relmk from a directory whose path has blanks: put it elsewhere)
endif

# 1: show the commands.
V ?= 0
RELMK_VERBOSE := $(if $(filter-out 0,$(V)),,@)

relmk_empty :=
relmk_space := $(relmk_empty) $(relmk_empty)
relmk_comma := ,

# $(call relmk_quote,TEXT): one word to a shell, whatever it holds.
relmk_quote = '$(subst ','\'',$1)'

include $(RELMK_DIR)/mk/includer.mk

# Core targets.

# `make` alone makes what it would without relmk: the project's own first goal. Where it has none,
# neither before nor after the include, it builds the release.
relmk_goal_before := $(.DEFAULT_GOAL)

# Plugin-specific targets.

include $(RELMK_DIR)/mk/tools.mk
include $(RELMK_DIR)/mk/take-over.mk
include $(RELMK_DIR)/mk/apps.mk
include $(RELMK_DIR)/mk/release.mk
include $(RELMK_DIR)/mk/erlang-mk.mk
include $(RELMK_DIR)/mk/sfx.mk
include $(RELMK_DIR)/mk/node.mk
include $(RELMK_DIR)/mk/help.mk

ifeq ($(relmk_goal_before),)
.DEFAULT_GOAL := $(if $(relmk_goals_follow),,build-release)
endif

# A makefile that exports all variables doesn't mean these: they are functions.
unexport $(filter relmk_%,$(.VARIABLES))
