"""The proof of tenancy (fifth net): a small world of its own, every URL and every tenant table against every role.

`script/manage probar_aislamiento` builds the world inside a transaction, asks, and rolls everything back.
"""
