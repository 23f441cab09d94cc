"""The floor: a plain Django project, as small as one can write it, that gives the unit F (performance.md).

Session and person loaded, one indexed SELECT of 25 rows and a template with a table; a filing and a claim by POST. It
has no tenancy, no history to speak of, no law: nothing that answers for people could cost less.
"""
