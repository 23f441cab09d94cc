"""How drf-spectacular describes what is ours."""
