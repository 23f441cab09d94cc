"""The demonstration: accounts, believable requests and the viewer of sent mail. A production refuses to load it."""
