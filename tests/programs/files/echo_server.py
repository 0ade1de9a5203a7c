# SPDX-License-Identifier: GPL-2.0
#
# echo_server.py - asyncio: sends back what comes, on port 7 of IPv4 and IPv6

import asyncio


async def echo(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def main():
    server = await asyncio.start_server(echo, ["0.0.0.0", "::"], 7, backlog=512)
    async with server:
        await server.serve_forever()


asyncio.run(main())
