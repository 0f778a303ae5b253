# Postfix behind postscreen, with all its tests but those that ask the DNS.
# shellcheck shell=sh disable=SC2034,SC2154
# shellcheck source=tests/servers/conf/postfix.sh
. "$here/conf/postfix.sh"
about="postscreen in front, its deep tests on (screen_scenes.py)."
drive=--scenes=screen_scenes

configure() {
	configure_postfix
	in_root postconf -e 'postscreen_access_list = cidr:/etc/postfix/screen' \
	    'postscreen_denylist_action = enforce' \
	    'postscreen_greet_action = enforce' 'postscreen_greet_wait = 1s' \
	    'postscreen_pipelining_enable = yes' \
	    'postscreen_non_smtp_command_enable = yes' \
	    'postscreen_bare_newline_enable = yes' \
	    'postscreen_bare_newline_action = enforce' \
	    'postscreen_command_time_limit = 5s'
	printf '127.66.0.0/16 reject\n127.77.0.0/16 permit\n' |
	    put /etc/postfix/screen
	in_root postconf -M 'smtp/inet=smtp inet n - n - 1 postscreen' \
	    'smtpd/pass=smtpd pass - - n - - smtpd' \
	    'dnsblog/unix=dnsblog unix - - n - 0 dnsblog' \
	    'tlsproxy/unix=tlsproxy unix - - n - 0 tlsproxy'
}
