"""The code that drew the demonstration's pictures; a running site never needs it."""
