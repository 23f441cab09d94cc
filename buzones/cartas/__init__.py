"""What is written of the mail that arrives: to who wrote, to the team and to the entities."""
