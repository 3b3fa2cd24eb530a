# Runs the release's start script for a node of one type, and reads the cookie that it will have.
#
#   REL=ecallmgr ACT=start make release
#   REL=ecallmgr ACT="rpc 'ecallmgr_channels count'" make release

# Configuration.

# The node type: an application of which the release makes a node. TYPE@HOST names the node in full.
REL ?= kazoo_apps

# A command of the start script, and its arguments.
ACT ?= console

# The node's host, if not what `hostname -f` says; its kind of name: name or sname.
NODE_HOST ?=
NODE_NAME_TYPE ?= name

# config.ini: that of the home directory, as for Kazoo's own scripts; where there is none and nothing is
# said, where Kazoo looks for it.
KAZOO_CONFIG ?= $(wildcard $(HOME)/config.ini)

# The cookie, whatever config.ini says.
COOKIE ?=

# FreeSWITCH's kazoo.conf.xml, for check-release-cookie.
FREESWITCH_CONFIG ?=

# Plugin-specific targets.

.PHONY: release run-release read-release-cookie check-release-cookie

# Through the environment: what ACT says holds quotes, and `$`. The node takes the shell's place, and so
# gets the signals that make hands on.
release: override export ACT := $(value ACT)
run-release: override export ACT := console
release run-release read-release-cookie: export REL := $(REL)
release run-release: export NODE_HOST := $(NODE_HOST)
release run-release: export COOKIE := $(value COOKIE)
release run-release: export RELMK_TOOLS := $(RELMK_TOOLS)
release run-release: export NODE_NAME_TYPE := $(NODE_NAME_TYPE)
release run-release read-release-cookie check-release-cookie: export KAZOO_CONFIG := $(KAZOO_CONFIG)

## Run the release's start script: REL is the node type, ACT the command
release:
	$(RELMK_VERBOSE)$(relmk_need_release); exec $(RELMK_DIR)/mk/release.sh $(call relmk_quote,$(relmk_release))

run-release: build-release
	$(RELMK_VERBOSE)exec $(RELMK_DIR)/mk/release.sh $(call relmk_quote,$(relmk_release))

## Print the cookie that Kazoo's config.ini gives to REL
read-release-cookie: relmk-tools-for-read-release-cookie
	$(RELMK_VERBOSE)$(relmk_read_cookie) "$$REL"

## Compare ecallmgr's with that in FreeSWITCH's kazoo.conf.xml, FREESWITCH_CONFIG
check-release-cookie: relmk-tools-for-check-release-cookie
	$(if $(FREESWITCH_CONFIG),,$(error FREESWITCH_CONFIG=FILE must name a kazoo.conf.xml))
	$(RELMK_VERBOSE)$(relmk_read_cookie) ecallmgr --freeswitch $(call relmk_quote,$(FREESWITCH_CONFIG))

# An empty name is none.
relmk_read_cookie = $(if $(KAZOO_CONFIG),,unset KAZOO_CONFIG; )$(call relmk_tool,read-cookie)
