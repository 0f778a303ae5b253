# A line of ehlog --print=json as a row of the table `sessions`.
{
	day: (.start // "1970-01-01")[:10], host: (.host // ""),
	source, format, number, log_key: .key,
	started: (.start // ""), ended: .end, hour: (.start // "")[:13],
	duration_ms, direction, peer, port, server, helo, tls, auth,
	commands, replies, codes, worst, worst_enhanced, worst_text,
	failed_command, outcome, guessed: (if .guessed then 1 else 0 end),
	auth_failures: ([
		([.codes[] | select(. == 535)] | length),
		(if (.failed_command // "") | test("^AUTH"; "i")
			then 1 else 0 end)
	] | max),
	first_line, last_line, lines
}
