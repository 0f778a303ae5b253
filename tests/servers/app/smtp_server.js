// nodemailer's smtp-server with its logger on, for the names of scenes.py.
//	node smtp_server.js FOLDER   (that has node_modules)
'use strict';

const fs = require('fs');
const path = require('path');
const folder = path.resolve(process.argv[2]);
const { SMTPServer } = require(path.join(folder, 'node_modules/smtp-server'));

function refusal(code, text) {
	const err = new Error(text);
	err.responseCode = code;
	return err;
}

const server = new SMTPServer({
	name: 'mx.example.net',
	logger: true,
	key: fs.readFileSync('/etc/mx.key'),
	cert: fs.readFileSync('/etc/mx.pem'),
	size: 20000,
	authOptional: true,
	allowInsecureAuth: true,
	socketTimeout: 5000,
	onConnect(session, done) {
		if (session.remoteAddress.startsWith('127.66.'))
			return done(refusal(554, 'Client unwelcome'));
		return done();
	},
	onAuth(auth, session, done) {
		if (auth.username === 'ann' && auth.password === 'secret')
			return done(null, { user: 'ann' });
		return done(new Error('Invalid username or password'));
	},
	onMailFrom(address, session, done) {
		if (address.address === 'slow@bad.example')
			return done(refusal(451, 'Not now'));
		if (address.address.endsWith('@bad.example'))
			return done(refusal(554, 'Sender unwelcome'));
		return done();
	},
	onRcptTo(address, session, done) {
		const to = address.address;
		if (!to.endsWith('@example.net'))
			return done(refusal(554, 'Relay denied'));
		if (to.startsWith('later'))
			return done(refusal(450, 'Come back later'));
		if (to.startsWith('full'))
			return done(refusal(552, 'Mailbox full'));
		if (!/^u[0-9]+@/.test(to))
			return done(refusal(550, 'User unknown'));
		return done();
	},
	onData(stream, session, done) {
		let text = '';
		stream.on('data', (chunk) => { text += chunk.toString('latin1'); });
		stream.on('end', () => {
			if (stream.sizeExceeded)
				return done(refusal(552, 'Message too large'));
			if (/^Subject:.*REFUSE/m.test(text))
				return done(refusal(554, 'No such thing here'));
			if (/^Subject:.*DEFER/m.test(text))
				return done(refusal(451, 'Try that later'));
			return done(null, 'Message queued');
		});
	},
});
server.on('error', (err) => console.error('%s', err.message));
server.listen(25, '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
