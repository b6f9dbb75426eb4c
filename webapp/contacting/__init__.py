"""Readers write to the newsroom."""
