"""Formats of numbers and dates (settings.FORMAT_MODULE_PATH)."""
