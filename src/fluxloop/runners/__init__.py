"""Calling the agent under test: a message in, its answer as text out.

`base.py` is the protocol, one file a kind of agent, `registry.py` makes the one the settings ask for.
"""
