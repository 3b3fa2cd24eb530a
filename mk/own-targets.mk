# The targets that are relmk's, whatever else the project's makefile says of them, and the variables
# that it may not set for them.

relmk_own_targets := build-release build-dev-release build-ci-release build-dist-release \
	build-all-release tar-release relup-release test-upgrade xref_release install clean-release release run-release \
	read-release-cookie check-release-cookie compile-apps clean-ebin relx-rel relx-relup \
	distclean-relx-rel sfx
relmk_own_variables := REL ACT COOKIE NODE_HOST NODE_NAME_TYPE KAZOO_CONFIG FREESWITCH_CONFIG TO_XREF
