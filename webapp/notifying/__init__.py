"""Notifying: proved addresses, and the mail that comments cause, for who wrote them and for who decides on them."""
