# Installs what relmk itself needs: a compiler, libraries, Erlang/OTP. Only relmk's own Makefile has
# this target; a project that includes relmk.mk says `make -C PATH setup`.

# Plugin-specific targets.

.PHONY: setup

## Install by apt what building and testing need (Debian 12, 13)
setup:
	$(RELMK_VERBOSE)$(RELMK_DIR)/mk/setup.sh
