// SPDX-License-Identifier: GPL-2.0
//
// server.js - HTTP on port 8080: GET sends a file, POST tells its body's digest

const crypto = require('crypto');
const fs = require('fs');
const http = require('http');

http.createServer((request, response) => {
	if (request.method === 'GET') {
		fs.createReadStream('/srv' + request.url).pipe(response);
		return;
	}
	const digest = crypto.createHash('sha256');
	request.on('data', (data) => digest.update(data));
	request.on('end', () => response.end(digest.digest('hex')));
}).listen(8080, '::');
