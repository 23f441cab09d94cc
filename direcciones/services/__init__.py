"""Every write that means something in the directory: memberships and catalogues."""
