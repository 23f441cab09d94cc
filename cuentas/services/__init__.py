"""Every write that means something about accounts: invitations, requests for access, people."""
