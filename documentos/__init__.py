"""Official documents: PDF, signature, verification codes. A low room without models, like `alcance` (architecture §6).

Nothing is imported here on purpose: the child process (`documentos.proceso`) must start without Django.
"""
