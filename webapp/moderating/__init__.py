"""Moderating: staff accounts, rules, the queue, decisions and their log."""
