"""Commenting: the discussion, the form, likes."""
