"""A real HTTP server for tests: OpenAI's and Anthropic's wire, batches, and misbehaviour on request."""
