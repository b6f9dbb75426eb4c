"""The desk: importing from elsewhere, and what is derived from a text."""
