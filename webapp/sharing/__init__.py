"""Sharing: share intents, and the counting of views and shares."""
