// SPDX-License-Identifier: GPL-2.0
//
// client.js HOST - twenty files at once from server.js and back to it, on
// connections that are kept and used again

const assert = require('assert');
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');

const file = fs.readFileSync('/srv/small');
const digest = crypto.createHash('sha256').update(file).digest('hex');
const agent = new http.Agent({ keepAlive: true, maxSockets: 5 });

function ask(method, body) {
	return new Promise((resolve, reject) => {
		const request = http.request({
			host: process.argv[2], port: 8080, path: '/small', method, agent,
		}, (response) => {
			const parts = [];

			response.on('data', (data) => parts.push(data));
			response.on('end', () => resolve(Buffer.concat(parts)));
		});

		request.on('error', reject);
		request.end(body);
	});
}

async function both() {
	assert((await ask('GET')).equals(file));
	assert.equal((await ask('POST', file)).toString(), digest);
}

Promise.all(Array.from({ length: 20 }, both)).then(() => agent.destroy());
