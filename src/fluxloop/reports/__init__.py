"""Telling what a test run came to: pure functions from a summary and its results to text."""
