"""Files that people upload: what is accepted, how it is kept, examined and handed back (security.md U01–U11).

A room without tables of its own: `ArchivoBase` is abstract and each app that keeps files inherits from it. Nothing
here knows who may see a file: the view that serves one asks its own model through the tenant first.
"""
