"""Two believable years: a plan (pure function of a seed, an instant and the catalogues) and who plays it.

`mundo` is what the plan reads of the portal; `llegadas` says what arrives, when and in which words (`textos`,
`casos`); `atencion` runs the queues day by day; `desenlaces` writes what follows in each solicitud; `plan` puts it
together; `jugar` plays it through the same services as a person; `numeros` gives each its place in the series
(docs/decisiones/0019).
"""
