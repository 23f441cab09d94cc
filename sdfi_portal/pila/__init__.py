"""The local stack: PostgreSQL, Valkey, web, worker, beat and mail sink on one machine, with nothing but Python.

`rutas` says where things live, `proceso` starts and stops one process, `postgres` and `valkey` know their server,
`provision` makes roles and extensions, `uso` keeps the servers up while somebody needs them, `entorno` is what the
children read, `supervisor` keeps them alive. Production uses none of it but `provision` (docker-compose.yml).
"""
