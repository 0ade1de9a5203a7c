# SPDX-License-Identifier: GPL-2.0
#
# echo_clients.py HOST COUNT - so many asyncio clients at once: all are there
# before the first sends, each sends something else and compares what it hears

import asyncio
import random
import sys


async def talk(number, everybody):
    reader, writer = await asyncio.open_connection(sys.argv[1], 7)
    everybody.here()
    await everybody.all_here.wait()
    words = random.Random(number).randbytes(1000 + 37 * number)
    writer.write(words)
    writer.write_eof()
    heard = await reader.read()
    writer.close()
    await writer.wait_closed()
    if heard != words:
        raise ValueError(f"client {number}: {len(heard)} bytes of {len(words)}")


class Everybody:
    def __init__(self, count):
        self.missing = count
        self.all_here = asyncio.Event()

    def here(self):
        self.missing -= 1
        if not self.missing:
            self.all_here.set()


async def main():
    count = int(sys.argv[2])
    everybody = Everybody(count)
    await asyncio.gather(*(talk(n, everybody) for n in range(count)))
    print(f"{count} clients were served")


asyncio.run(main())
