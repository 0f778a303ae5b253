#!/bin/sh
# The shell scripts of the project: each parses, shellcheck finds nothing, and
# quickstart's table names a package for every manager.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
cd "$abs_top_srcdir" || exit 1

scripts="quickstart doc/update tests/limit tests/count tests/fleet/install
    $(find tests bench -name "*.sh" | sort)"

for script in $scripts; do
	check "$script parses" sh -n "$script"
done
if command -v shellcheck >/dev/null 2>&1; then
	for script in $scripts .ci/run; do
		# Functions that are called by name, and code for eval.
		same "shellcheck finds nothing in $script" \
		    "$(shellcheck -x -P . -e SC2317,SC2016 "$script" 2>&1)" ""
	done
else
	echo "skip - shellcheck is not there"
fi

rows=$(sed -n '/TABLE.$/,/^\tTABLE$/p' quickstart | sed '1d;$d')
same "quickstart's table has a name in every column" \
    "$(echo "$rows" | awk -F'|' 'NF != 7 { print; next }
	{ for (i = 1; i <= 7; i++) if ($i ~ /^[ \t]*$/) print }')" ""
check "quickstart's table is not empty" test "$(echo "$rows" | wc -l)" -gt 10

# What quickstart says where it cannot install: one line with the packages.
mkdir -p "$work/bin"
for tool in sh dirname pwd mkdir cat tr sed grep cut awk printf rm mktemp; do
	path=$(command -v "$tool") || continue
	case $path in /*) ln -sf "$path" "$work/bin/$tool" ;; esac
done
printf '#!/bin/sh\necho 1000\n' >"$work/bin/id"
printf '#!/bin/sh\nexit 1\n' >"$work/bin/apt-get"
chmod +x "$work/bin/id" "$work/bin/apt-get"
mkdir -p "$work/copy"
cp quickstart "$work/copy/quickstart"
said=$(PATH=$work/bin sh "$work/copy/quickstart" packages build 2>&1)
status=$?
same "without root and sudo quickstart fails" "$status" 1
same "and says so in one line with the packages" "$said" \
    "quickstart: not root and no sudo; have these packages installed: gcc\
 libc6-dev make autoconf automake pkg-config libncurses-dev libpcre2-dev\
 libjansson-dev libinih-dev zlib1g-dev libzstd-dev libarchive-dev"
done_testing
