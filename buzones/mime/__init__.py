"""What a message says, from its bytes. Pure functions: no models, no network, no settings. The door is `desarmar`.

Whatever the bytes are, it answers: nothing here raises, and time and memory grow with the size of the message alone.
"""
