"""Sifting: what may not stay, and why.

`base.py` is the protocol, one rule a file, `registry.py` makes the ones the settings ask for. Filters are pure functions
of one message; `duplicate.py` is the exception that has to remember what was kept.
"""
