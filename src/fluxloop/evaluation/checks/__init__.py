"""What a reply must be like: `base.py` is the protocol, one file a check, `registry.py` reads them from settings."""
