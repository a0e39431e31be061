"""Paid runs against a local server that speaks the vendors' wire: wall time, CPU, calls, cost, estimate.

The server is the one the tests use, in a process of its own; nothing leaves this machine.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pairing import ENV, ROOT, tell

BARE = """
import asyncio, resource, sys
from openai import AsyncOpenAI
client = AsyncOpenAI(base_url=sys.argv[1], api_key='x', max_retries=0)
messages = [{'role': 'user', 'content': sys.argv[3]}]
waves = int(sys.argv[2])
def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
async def main():
    one = lambda: client.chat.completions.create(model='gpt-4o', messages=messages)
    await one()
    before = cpu()
    for _ in range(waves):
        await asyncio.gather(*(one() for _ in range(16)))
    print((cpu() - before) / (waves * 16))
asyncio.run(main())
"""
PROMPT_PRICES = "generation: {prices: {gpt-4o: {input: 2.5, output: 10}}}\n"


class Server:
    """The wire server as a process; `latency` in seconds."""

    def __init__(self, latency: float) -> None:
        command = [sys.executable, "-m", "tests.server", "--port", "0", "--latency", str(latency)]
        env = ENV | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        self._process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().split()[0]

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


def generate(url: str, count: int, concurrency: int, *more: str) -> tuple[float, float, float, dict]:
    """Wall and CPU seconds of the whole process, its peak memory in MB, and what it told."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "fluxloop.yaml").write_text(PROMPT_PRICES, encoding="utf-8")
        env = ENV | {"OPENAI_API_KEY": "sk-benchmark", "OPENAI_BASE_URL": url}
        base = [sys.executable, "-m", "fluxloop.cli.main", "-q", "inputs", "generate", "--provider", "openai", "--json"]
        output = "inputs/generated.jsonl" if count > 20_000 else "inputs/generated.yaml"
        size = ["--count", str(count), "--concurrency", str(concurrency), "--output", output]
        started = time.perf_counter()
        process = subprocess.Popen([*base, *size, *more], cwd=folder, env=env, stdout=subprocess.PIPE)
        out = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        assert os.waitstatus_to_exitcode(status) == 0, out[-500:]
        told = json.loads(out)
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, told


def bare_call_cpu(url: str, calls: int = 300) -> float:
    """CPU seconds of one call with the SDK alone, in a process of its own, start-up taken off."""
    slot = "billing; charged twice; problem, simple, neutral; about 10 words, 1 sentence"
    prompt = "Write in English.\n\nSlots:\n" + "\n".join(f"{n}. {slot}" for n in range(10))
    command = [sys.executable, "-c", BARE, url, str(calls // 16), prompt]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def dry_run_cost(url: str, count: int, *more: str) -> float:
    """What --dry-run says a run costs."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "fluxloop.yaml").write_text(PROMPT_PRICES, encoding="utf-8")
        env = ENV | {"OPENAI_API_KEY": "sk-benchmark", "OPENAI_BASE_URL": url}
        command = [sys.executable, "-m", "fluxloop.cli.main", "inputs", "generate", "--provider", "openai"]
        flags = ["--dry-run", "--json", "--count", str(count), *more]
        done = subprocess.run([*command, *flags], cwd=folder, env=env, capture_output=True, check=True)
        return float(json.loads(done.stdout)["estimate"]["cost"])


def wall_times() -> None:
    """1,000 inputs at 1 s a call, beside calls x latency / concurrency; start-up included."""
    with Server(1.0) as server:
        for concurrency, target in ((16, 1.10), (64, 1.15)):
            wall, _, _, told = generate(server.url, 1000, concurrency)
            ideal = told["calls"] / concurrency
            what = f"1,000 inputs, 1 s latency, {concurrency} at once: wall / ideal ({told['calls']} calls)"
            tell(what, wall / ideal, target)
        wall, *_ = generate(server.url, 1000, 128)
        print(f"{'the same, 128 at once: seconds':66} {wall:8.2f}")


def costs() -> None:
    """CPU, calls, dollars and the estimate."""
    with Server(0.0) as server:
        bare = bare_call_cpu(server.url)
        small, large = generate(server.url, 200, 16), generate(server.url, 2200, 16)
        calls = large[3]["calls"] - small[3]["calls"]
        tell("CPU per call beyond start-up / a bare SDK call", (large[1] - small[1]) / calls / bare, 1.5)
        tell("calls per accepted input / the least at this batch size", large[3]["calls"] / -(-2200 // 10), 1.1)
        estimate = dry_run_cost(server.url, 2200)
        tell("dry-run estimate / ledger, English", estimate / large[3]["cost_usd"], 1.15)
        usd = large[3]["cost_usd"]
        tell("cost / output-token floor", usd / output_floor(large[3]["inputs"]), 1.6)


def output_floor(inputs: list[dict]) -> float:
    """Dollars for the output tokens of the kept texts in their JSON, as the server counts them."""
    sys.path.insert(0, str(ROOT))
    from tests.server.tokens import count_tokens

    entries = (json.dumps({"slot": 1, "text": item["text"]}, ensure_ascii=False) for item in inputs)
    return sum(map(count_tokens, entries)) * 10 / 1e6


def large_run(count: int = 100_000) -> None:
    """CPU and memory of a very large run."""
    with Server(0.0) as server:
        _, cpu, memory, _ = generate(server.url, count, 32)
        tell(f"{count:,} inputs: CPU microseconds an input", cpu / count * 1e6, 300, unit="us")
        tell(f"{count:,} inputs: peak memory", memory, 300, unit="MB")


def main() -> None:
    """All of it; the very large run only when asked for (`--large`)."""
    wall_times()
    costs()
    if "--large" in sys.argv:
        large_run()


if __name__ == "__main__":
    main()
