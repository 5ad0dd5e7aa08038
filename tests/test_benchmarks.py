"""The benchmarks run, at a size that measures nothing: only that they keep working is tested, never how fast."""

import asyncio
import sys


async def test_every_workload_runs() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks", "--tiny"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, output
    for told in ("W1 8 clients  ratio", "W3 8 clients  ratio", "W4 8 clients  ratio", "sold 2,", "the sales alone"):
        assert told in output
