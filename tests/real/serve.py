"""llama.cpp's own server on loopback, with the weights given: `python serve.py WEIGHTS MODEL KEY`.

It prints its address when it is ready and lives until its stdin is closed, so that it ends with whoever started it,
however that one ends.
"""

from __future__ import annotations

import os
import sys

os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # before the import: threads that wait must not spin beside other work
import xllamacpp

CONTEXT = 4096
"""Tokens of one call; what is longer is refused."""
SLOTS = 2
"""Calls answered at once."""


def main(weights: str, model: str, key: str) -> None:
    """Serve until stdin is closed."""
    params = xllamacpp.CommonParams()
    params.model.path = weights
    params.model_alias = {model}
    params.api_keys = [key]
    params.port = 0
    params.n_parallel = SLOTS
    params.n_ctx = CONTEXT * SLOTS
    params.warmup = False
    params.sampling.seed = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()
    os._exit(0)  # an answer that is being written is not waited for


if __name__ == "__main__":
    main(*sys.argv[1:])
