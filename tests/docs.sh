#!/bin/sh
# The documents tell the truth: what comes from tables is as the tables are,
# the man page is clean mdoc, and every command and option is in it.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"

sh "$abs_top_srcdir/doc/update" "$abs_top_builddir/doc/tables" \
    "$abs_top_srcdir" "$work/new"
for file in doc/ehlog.1 data/completion/ehlog; do
	same "$file is current (else: make update-docs)" \
	    "$(diff -u "$abs_top_srcdir/$file" "$work/new/$file")" ""
done

man=$abs_top_srcdir/doc/ehlog.1
for part in options filter columns forms formats styles keys; do
	has "the man page takes '$part' from its table" "$(cat "$man")" \
	    ".\\\" BEGIN $part$NL"
done

if command -v mandoc >/dev/null 2>&1; then
	same "mandoc finds nothing wrong in ehlog.1" \
	    "$(mandoc -T lint -W warning "$man" 2>&1)" ""
	page=$(mandoc -T ascii -O width=200 "$man" | col -b)
	has "the man page renders" "$page" "exchange-csv"
else
	echo "skip - mandoc is not there"
fi

if command -v bash >/dev/null 2>&1; then
	# shellcheck disable=SC2016 # for the other shell
	words=$(bash -c '
		. "$1"
		COMP_WORDS=(ehlog --print = j) COMP_CWORD=3
		_ehlog
		echo "${COMPREPLY[@]}"' bash \
	    "$abs_top_srcdir/data/completion/ehlog")
	same "bash completes --print=j" "$words" "json"
else
	echo "skip - bash is not there"
fi

links() {
	(cd "$abs_top_srcdir" && sed -n 's/^.*](\([a-zA-Z][^):#]*\)).*$/\1/p' \
	    README.md HACKING.md doc/*.md | sort -u | while read -r file; do
		[ -e "$file" ] || [ -e "doc/$file" ] || echo "$file"
	done)
}
same "every file that the documents link to is there" "$(links)" ""
done_testing
