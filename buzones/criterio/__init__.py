"""What each message becomes, and why. Pure: the message as it was read and the facts of the register in, the dictamen
out. No model is imported here, so every rule is proved without a base."""
