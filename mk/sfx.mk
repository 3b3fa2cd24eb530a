# A release as a single file that runs: erlang.mk's SFX=1.

# Configuration.

SFX_ARCHIVE ?= $(RELX_OUTPUT_DIR)/$(RELX_REL_NAME)/$(RELX_REL_NAME)-$(RELX_REL_VSN).tar.gz
SFX_OUTPUT_FILE ?= $(RELX_OUTPUT_DIR)/$(RELX_REL_NAME).run

# Core targets.

ifneq ($(SFX),)
ifeq ($(RELMK_IN_ERLANG_MK),1)
ifeq ($(IS_DEP),)
rel:: sfx
endif
else
rel: sfx
endif
endif

# Plugin-specific targets.

.PHONY: sfx

## Make the release one file that unpacks and runs itself, _rel/NAME.run
sfx: relx-rel
	$(RELMK_VERBOSE)$(RELMK_DIR)/mk/sfx.sh $(call relmk_quote,$(RELX_REL_NAME)) $(call \
		relmk_quote,$(SFX_ARCHIVE)) $(call relmk_quote,$(SFX_OUTPUT_FILE)) $(call relmk_quote,$(RELX_REL_CMD))
