"""Trying inputs on an agent: `run.py` runs them, `converse.py` talks, `checks/` judge, `summary.py` counts."""
