# A line of ehlog --print=json as rows of the table `mail`: one a recipient, or
# one where a message has none.
. as $session
| .messages | to_entries[] | .key as $at | .value as $message
| ($message.recipients | if length > 0 then to_entries[]
	else {key: 0, value: null} end)
| .key as $place | .value as $one
| (if $one != null and (($one.code // 0) >= 400
	or ($one.code == null and ($one.enhanced // "0")[:1] > "2")
	or ($message.code == null and $message.enhanced == null))
	then $one else $message end) as $reply
| {
	day: ($session.start // "1970-01-01")[:10],
	host: ($session.host // ""), source: $session.source,
	first_line: $session.first_line, message: $at, place: $place,
	started: ($session.start // ""), hour: ($session.start // "")[:13],
	direction: $session.direction, peer: $session.peer,
	outcome: $session.outcome, id: $message.id, sender: $message.from,
	size: $message.size, recipient: $one.to,
	domain: (if $one.to == null then null else
		$one.to | sub("^[^@]*@"; "") | ascii_downcase end),
	code: $reply.code,
	class: (if $reply.code != null then $reply.code / 100 | floor
		elif $reply.enhanced != null then
			$reply.enhanced[:1] | tonumber
		else null end),
	enhanced: $reply.enhanced, text: $reply.text
}
