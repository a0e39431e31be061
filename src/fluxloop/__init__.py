"""fluxloop: realistic test inputs for AI agents, from personas. See README.md."""
