# Installs what relmk itself needs: the compiler, the libraries, Erlang/OTP.

# Plugin-specific targets.

.PHONY: setup

## Install by apt what building and testing need (Debian 12 and 13)
setup:
	@$(RELMK_DIR)/mk/setup.sh
