"""`python -m tests.server --port N --latency S`: the server as a process of its own, for benchmarks."""

from __future__ import annotations

import argparse
import signal
import threading

from tests.server.wire import WireServer


def main() -> None:
    """Serve until it is ended; the first line says where."""
    parser = argparse.ArgumentParser(prog="python -m tests.server")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--concurrency", type=int, help="429 above so many at once")
    parser.add_argument("--requests-per-minute", type=int)
    parser.add_argument("--tokens-per-minute", type=int)
    parser.add_argument("--batch-seconds", type=float, default=0.0)
    options = vars(parser.parse_args())
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with WireServer(record=False, **options) as server:
        print(f"{server.openai_url} {server.anthropic_url}", flush=True)
        ended.wait()
        print(f"calls {server.count}, most at once {server.high_water}", flush=True)


if __name__ == "__main__":
    main()
