# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Runtimes with an event loop of their own: asyncio with 500 clients, Node.js

asyncio_cases() {
	over_clasp asyncio-500 5000000 client sh -c \
		"ulimit -n 2000; exec python3 /srv/echo_clients.py $1 500"
}

node_cases() {
	over_clasp node 10485760 client node /srv/client.js "$1"
}

it_must asyncio-listens serves 7 sh -c 'ulimit -n 2000; exec python3 /srv/echo_server.py'
each_ip asyncio_cases
gone "$server"
it_must node-listens serves 8080 node /srv/server.js
each_ip node_cases
gone "$server"
