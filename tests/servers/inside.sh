#!/bin/sh
# One variant, inside its namespaces (run.sh): makes the system, then without
# a network but loopback runs the server, the driver, and gathers the log.
#
# conf/SERVER.sh has
#	packages=...      what to install
#	configure         sets the server up, in $root
#	start, stop       runs and ends it; start may leave $server_pid
#	gather            puts the log into $out
#	drive_it          instead of drive.py; writes $out/truth as well
# and may set $drive, more options of the driver, and $port.
# shellcheck disable=SC1090,SC2034,SC2154 # conf/SERVER.sh is sourced
set -eu
: "${here:?}" "${work:?}" "${variant:?}" "${sessions:?}" "${open:?}" "${seed:?}"
export PYTHONDONTWRITEBYTECODE=1
conf=$here/conf/$variant.sh
[ -f "$conf" ] || conf=$here/conf/${variant%%-*}.sh
root=/mnt/root
out=$work/out
host=mx
port=25
drive=
packages=
server_pid=

# in_root COMMAND...: runs it as the system under test sees things.
in_root() {
	chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	    LC_ALL=C.UTF-8 TZ=UTC HOME=/root DEBIAN_FRONTEND=noninteractive \
	    "$@"
}

# put FILE: standard input becomes a file of the system under test.
put() {
	mkdir -p "$root/$(dirname "$1")"
	cat >"$root/$1"
}

# until_true SECONDS COMMAND...: waits for a condition.
until_true() {
	tries=$(($1 * 10))
	shift
	while ! "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

make_root() {
	mount -t tmpfs tmpfs /mnt
	mkdir /mnt/upper /mnt/scratch /mnt/root
	mount -t overlay overlay \
	    -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/scratch /mnt/root
	mount -t proc proc "$root/proc"
	mount -t tmpfs tmpfs "$root/run"
	mount -t tmpfs tmpfs "$root/tmp"
	chmod 1777 "$root/tmp"
	mount -t tmpfs tmpfs "$root/dev"
	mknod -m 666 "$root/dev/null" c 1 3
	mknod -m 666 "$root/dev/zero" c 1 5
	mknod -m 666 "$root/dev/random" c 1 8
	mknod -m 666 "$root/dev/urandom" c 1 9
	mknod -m 666 "$root/dev/tty" c 5 0
	ln -s /proc/self/fd "$root/dev/fd"
	mkdir -p "$root/dev/shm" "$root/run/lock"
	mount --bind "$work/debs" "$root/var/cache/apt/archives"
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod +x "$root/usr/sbin/policy-rc.d"
	# Some clients have names.
	rm -f "$root/etc/hosts" "$root/etc/mailname"
	{
		echo "127.0.0.1 mx.example.net mx localhost"
		i=3
		while [ $i -lt 250 ]; do
			echo "127.20.0.$i client$i.example.org"
			i=$((i + 3))
		done
	} >"$root/etc/hosts"
	echo example.net >"$root/etc/mailname"
	hostname mx.example.net
}

make_certificate() {
	# shellcheck disable=SC2086
	in_root openssl req -x509 ${key:--newkey rsa:2048} -nodes -days 30 \
	    -subj /CN=mx.example.net -keyout /etc/mx.key -out /etc/mx.pem \
	    2>/dev/null
}

# npm_into NAME PACKAGE: a package of npm, and what it needs, as /opt/npm.  A
# site may have certificates of its own in front of the registry.
npm_into() {
	mkdir -p "$work/npm/$1" "$root/opt/npm" "$root/opt/cache"
	mount --bind "$work/npm/$1" "$root/opt/npm"
	[ ! -f "$work/npm/$1/installed" ] || return 0
	in_root ${NODE_EXTRA_CA_CERTS:+"NODE_EXTRA_CA_CERTS=$NODE_EXTRA_CA_CERTS"} \
	    timeout 300 npm install --silent --no-audit --no-fund \
	    --ignore-scripts --omit=optional --prefix /opt/npm "$2" >&2 ||
	    return 1
	: >"$work/npm/$1/installed"
}

# syslog_to FILE: opens /dev/log in the system under test.
syslog_to() {
	python3 "$here/syslogd.py" "$root/dev/log" "$1" "$host" &
	syslog_pid=$!
	until_true 10 test -S "$root/dev/log"
}

end_syslog() {
	kill "$syslog_pid"
	wait "$syslog_pid" 2>/dev/null || :
}

readme() {
	cat <<-END
	# $variant

	$(version)

	tests/servers/run.sh --sessions=$sessions --open=$open --seed=$seed $variant

	$about
	END
}

. "$conf"

case ${1:?} in
install)
	make_root
	if [ -n "$packages" ]; then
		# shellcheck disable=SC2086
		in_root apt-get install -y -qq --no-install-recommends \
		    $packages >"$work/install.log" 2>&1 </dev/null || {
			tail -n 20 "$work/install.log" >&2
			exit 1
		}
	fi
	make_certificate
	if type fetch >/dev/null 2>&1; then
		fetch
	fi
	# Processes of a system that has been up for a while.
	echo 30000 >/proc/sys/kernel/ns_last_pid
	unshare --net sh "$0" run
	;;
run)
	rm -f "$root/etc/resolv.conf"
	: >"$root/etc/resolv.conf"
	ip link set lo up
	configure
	start
	status=0
	# shellcheck disable=SC2086
	if type drive_it >/dev/null 2>&1; then
		drive_it
	else python3 "$here/drive.py" --port="$port" --truth="$out/truth" \
	    --sessions="$sessions" --open="$open" --seed="$seed" $drive ||
	    status=1
	fi
	stop
	gather
	readme >"$out/README.md"
	chmod a+r "$out"/*
	# What is large is kept packed.
	find "$out" -type f -size +190k -exec gzip -9n {} +
	exit $status
	;;
esac
