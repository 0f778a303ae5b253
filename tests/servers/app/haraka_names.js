// A plugin of Haraka: the names of scenes.py.
'use strict';

exports.register = function () {
	this.register_hook('connect', 'client');
	this.register_hook('mail', 'sender');
	this.register_hook('rcpt', 'recipient');
	this.register_hook('data_post', 'text');
	this.register_hook('queue', 'take');
};

exports.client = function (next, connection) {
	if (connection.remote.ip.startsWith('127.66.'))
		return next(DENY, 'Client unwelcome');
	return next();
};

exports.sender = function (next, connection, params) {
	const from = params[0].address();
	if (from === 'slow@bad.example')
		return next(DENYSOFT, 'Not now');
	if (from.endsWith('@bad.example'))
		return next(DENY, 'Sender unwelcome');
	return next();
};

exports.recipient = function (next, connection, params) {
	const to = params[0].address();
	if (!to.endsWith('@example.net'))
		return next(DENY, 'Relay denied');
	if (to.startsWith('later'))
		return next(DENYSOFT, 'Come back later');
	if (!/^u[0-9]+@/.test(to))
		return next(DENY, 'User unknown');
	return next(OK);
};

exports.text = function (next, connection) {
	const subject = connection.transaction.header.get('subject');
	if (/REFUSE/.test(subject))
		return next(DENY, 'No such thing here');
	if (/DEFER/.test(subject))
		return next(DENYSOFT, 'Try that later');
	return next();
};

exports.take = function (next) {
	return next(OK, 'Message taken');
};
