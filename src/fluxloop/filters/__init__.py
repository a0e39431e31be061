"""Sifting: what may not stay, and why.

`base.py` is the protocol, one rule a file, `registry.py` makes the ones the settings ask for. Filters are functions of
one message and nothing else. `Twins` in `similarity.py` stands apart: it has to remember what was kept.
"""
