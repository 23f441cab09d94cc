from conceptos.views.banco import banco, publicado, publicado_pdf
from conceptos.views.detalle import anular, comparar, detalle, pdf, siga, sustituir, version_pdf
from conceptos.views.firma import devolver, firmar, por_firmar
from conceptos.views.proyeccion import editar, enviar, mios, nuevo, retomar, vista_previa
from conceptos.views.revision import por_revisar, revisar
from conceptos.views.verificacion import verificar, verificar_codigo

__all__ = [
    "anular",
    "banco",
    "comparar",
    "detalle",
    "devolver",
    "editar",
    "enviar",
    "firmar",
    "mios",
    "nuevo",
    "pdf",
    "por_firmar",
    "por_revisar",
    "publicado",
    "publicado_pdf",
    "retomar",
    "revisar",
    "siga",
    "sustituir",
    "verificar",
    "verificar_codigo",
    "version_pdf",
    "vista_previa",
]
