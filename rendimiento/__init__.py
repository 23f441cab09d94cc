"""How fast the portal is and stays: a million rows, a floor to compare with, and the promises that are kept.

`sembrar` fills a base by bulk SQL, `piso/` is the plain Django project that gives the unit F, `banco` asks both in
turn, `promesas` says what was promised and whether it was met. Nothing of it runs in a production.
"""
