"""Syndicating: feeds, sitemaps, metadata."""
