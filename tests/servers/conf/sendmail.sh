# Sendmail: syslog at two levels, or the file of -X.
# shellcheck shell=sh disable=SC2034,SC2154
packages="sendmail-bin sendmail-cf m4 libsasl2-modules libsasl2-modules-db
    sasl2-bin"
about="Mail to example.net goes to a program that discards it."

version() {
	in_root sendmail -d0.1 -bv </dev/null 2>/dev/null | head -n 1
}

configure() {
	level=9
	[ "$variant" != sendmail-15 ] || level=15
	[ "$variant" != sendmail-x ] || level=14
	put /etc/mail/test.mc <<-END
	divert(-1)
	divert(0)dnl
	include(\`/usr/share/sendmail/cf/m4/cf.m4')dnl
	OSTYPE(\`linux')dnl
	define(\`confDOMAIN_NAME', \`mx.example.net')dnl
	define(\`confLOG_LEVEL', \`$level')dnl
	define(\`confMAX_MESSAGE_SIZE', \`20000')dnl
	define(\`confTO_COMMAND', \`5s')dnl
	define(\`confTO_DATABLOCK', \`5s')dnl
	define(\`confTO_IDENT', \`0')dnl
	define(\`confQUEUE_LA', \`1000')dnl
	define(\`confREFUSE_LA', \`1000')dnl
	define(\`confBAD_RCPT_THROTTLE', \`0')dnl
	define(\`confCACERT_PATH', \`/etc/ssl/certs')dnl
	define(\`confCACERT', \`/etc/mx.pem')dnl
	define(\`confSERVER_CERT', \`/etc/mx.pem')dnl
	define(\`confSERVER_KEY', \`/etc/mx.key')dnl
	define(\`confDONT_BLAME_SENDMAIL', \`GroupReadableKeyFile,GroupReadableSASLDBFile')dnl
	define(\`confAUTH_MECHANISMS', \`PLAIN LOGIN')dnl
	TRUST_AUTH_MECH(\`PLAIN LOGIN')dnl
	define(\`confTLS_SRV_OPTIONS', \`V')dnl
	define(\`confPRIVACY_FLAGS', \`authwarnings')dnl
	define(\`confDONT_PROBE_INTERFACES', \`True')dnl
	define(\`confDELIVERY_MODE', \`background')dnl
	define(\`confSERVICE_SWITCH_FILE', \`/etc/mail/switch')dnl
	FEATURE(\`access_db', \`hash -T<TMPF> /etc/mail/access')dnl
	FEATURE(\`blocklist_recipients')dnl
	FEATURE(\`virtusertable', \`regex -a<@MATCH> -m -f .')dnl
	FEATURE(\`nocanonify')dnl
	FEATURE(\`accept_unresolvable_domains')dnl
	VIRTUSER_DOMAIN(\`example.net')dnl
	DAEMON_OPTIONS(\`Name=MTA, Addr=127.0.0.1, Port=25')dnl
	FEATURE(\`mailertable', \`hash /etc/mail/mailers')dnl
	MAILER(\`local')dnl
	MAILER(\`smtp')dnl
	MAILER_DEFINITIONS
	Msink, P=/etc/mail/drain, F=DFMmnu, A=drain \$u
	LOCAL_CONFIG
	HSubject: \$>CheckSubject
	LOCAL_RULESETS
	SCheckSubject
	R\$* REFUSE \$*	\$#error \$@ 5.7.1 \$: "554 No such thing here"
	R\$* DEFER \$*	\$#error \$@ 4.7.1 \$: "451 Try that later"
	END
	sed -i '/virtusertable/d; s/^VIRTUSER_DOMAIN.*/FEATURE(`virtusertable'"'"', `hash \/etc\/mail\/virtusers'"'"')dnl\n&/' \
	    "$root/etc/mail/test.mc"
	{
		printf 'Connect:127.66\tERROR:5.7.1:554 Client unwelcome\n'
		printf 'From:spam@bad.example\tERROR:5.7.1:554 Sender unwelcome\n'
		printf 'From:slow@bad.example\tERROR:4.7.1:451 Not now\n'
		printf 'To:later@example.net\tERROR:4.2.0:450 Come back later\n'
		for i in 1 2 3 4 5 6 7 8 9; do
			printf 'To:later%s@example.net\tERROR:4.2.0:450 Come back later\n' $i
		done
		printf 'To:full@example.net\tERROR:5.2.2:552 Mailbox full\n'
		printf 'To:example.net\tOK\n'
	} | put /etc/mail/access
	i=0
	{
		while [ $((i += 1)) -lt 1000 ]; do
			printf 'u%s@example.net\t%%1@sink.example.net\n' $i
		done
		for i in later later1 later2 later3 later4 later5 later6 later7 \
		    later8 later9 full; do
			printf '%s@example.net\t%%1@sink.example.net\n' $i
		done
		printf '@example.net\terror:5.1.1:550 User unknown\n'
	} | put /etc/mail/virtusers
	printf 'hosts\tfiles\naliases\tfiles\n' | put /etc/mail/switch
	: | put /etc/mail/aliases
	: | put /etc/mail/local-host-names
	printf 'sink.example.net\tsink:mx\n' | put /etc/mail/mailers
	printf '#!/bin/sh\nexec cat >/dev/null\n' | put /etc/mail/drain
	chmod +x "$root/etc/mail/drain"
	in_root sh -c 'cd /etc/mail && m4 test.mc >test.cf &&
	    makemap hash access <access && makemap hash virtusers <virtusers &&
	    makemap hash mailers <mailers &&
	    chown -R root:smmsp /etc/mail && chmod -R go-w /etc/mail' || return 1
	sed -i 's|^O AliasFile=.*|O AliasFile=/etc/mail/aliases|' \
	    "$root/etc/mail/test.cf"
	in_root newaliases -C /etc/mail/test.cf -oA/etc/mail/aliases >/dev/null 2>&1 || :
	in_root sendmail -C /etc/mail/test.cf -bi >"$work/aliases.log" 2>&1 ||
	    cat "$work/aliases.log"
	mkdir -p "$root/var/run/sendmail/mta" "$root/var/spool/mqueue"
	chmod 600 "$root/etc/mx.key"
	# Debian gives these to a user that this configuration does not have.
	in_root chown -R root:root /var/spool/mqueue /var/run/sendmail
	chmod 700 "$root/var/spool/mqueue"
	add_users
}

# ann, for AUTH; Debian leads from /usr/lib/sasl2 to this file.
add_users() {
	put /etc/mail/sasl/Sendmail.conf.2 <<-'END'
	pwcheck_method: auxprop
	auxprop_plugin: sasldb
	mech_list: PLAIN LOGIN
	END
	echo secret | in_root saslpasswd2 -p -c -u mx.example.net ann
	chmod 640 "$root/etc/sasldb2"
}

start() {
	traffic=
	log=$out/maillog
	if [ "$variant" = sendmail-x ]; then
		traffic="-X /var/log/traffic"
		log=$work/maillog
		rm -f "$log"
	fi
	syslog_to "$log"
	# shellcheck disable=SC2086
	in_root /usr/sbin/sendmail -C /etc/mail/test.cf -bD -q1h $traffic \
	    >"$work/sendmail.log" 2>&1 </dev/null &
	server_pid=$!
}

idle() {
	[ -z "$(find "$root/var/spool/mqueue" -type f)" ]
}

stop() {
	until_true 20 idle || :
	kill "$server_pid"
	wait "$server_pid" 2>/dev/null || :
	end_syslog
}

gather() {
	[ "$variant" = sendmail-x ] || return 0
	cp "$root/var/log/traffic" "$out/traffic"
	python3 "$here/add_keys.py" "$out/truth" "$work/maillog"
}
