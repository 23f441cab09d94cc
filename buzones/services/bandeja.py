"""What waits for a person to say what it is: the oldest first, and each flood once."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from alcance import Alcance
from buzones.estados import EstadoCorreo
from buzones.models import Correo, Decision
from solicitudes.paginas import Pagina, paginar

ORDEN = ("recibido_en", "id")
_LARGOS = ("texto", "citado", "html", "para", "referencias", "autenticacion", "senales")
MUCHOS = 100  # from here on it is said «más de»


@dataclass(frozen=True, slots=True)
class Hecho:
    """What the person has just decided, and whether it may still be taken back."""

    correo: Correo
    decision: Decision
    accion: str
    juntos: int
    se_deshace: bool


def por_decidir(alcance: Alcance) -> QuerySet[Correo]:
    """What this person sees that nobody has decided."""
    return Correo.objects.visibles_para(alcance).filter(estado=EstadoCorreo.POR_CLASIFICAR)


def cuantos(alcance: Alcance) -> int:
    """How many, a hundred at most."""
    return por_decidir(alcance).order_by()[: MUCHOS + 1].count()


def pagina(alcance: Alcance, cursor: str = "") -> Pagina:
    """Of each flood only the first that waits; `juntos`, how many more wait with it."""
    pendientes = por_decidir(alcance)
    raiz = Coalesce("grupo_id", "id")
    suyos = pendientes.annotate(raiz=raiz).filter(raiz=OuterRef("raiz")).order_by()
    antes = suyos.filter(
        Q(recibido_en__lt=OuterRef("recibido_en")) | Q(recibido_en=OuterRef("recibido_en"), pk__lt=OuterRef("pk"))
    )
    cuenta = suyos.values("raiz").annotate(n=Count("pk")).values("n")
    primeros = pendientes.annotate(raiz=raiz).filter(~Exists(antes)).annotate(juntos=Subquery(cuenta) - 1)
    return paginar(primeros.defer(*_LARGOS), ORDEN, cursor)


def companeros(alcance: Alcance, correo: Correo) -> int:
    """How many more of its flood wait with it."""
    raiz = correo.grupo_id or correo.pk
    return por_decidir(alcance).filter(Q(pk=raiz) | Q(grupo=raiz)).exclude(pk=correo.pk).order_by().count()


def lo_hecho(alcance: Alcance, decision_id: int) -> Hecho | None:
    """Of this person, and the last of its message: an older one is not offered to be undone."""
    decision = (
        Decision.objects.visibles_para(alcance)
        .filter(pk=decision_id, persona=alcance.persona_id)
        .annotate(ultima=Subquery(Decision.objects.filter(correo=OuterRef("correo")).order_by("-pk").values("pk")[:1]))
        .filter(ultima=F("pk"))
        .select_related("correo__solicitud")
        .first()
    )
    if decision is None:
        return None
    correo = decision.correo
    se_deshace = correo.solicitud_id is None and correo.estado != EstadoCorreo.POR_CLASIFICAR
    datos = decision.datos
    return Hecho(correo, decision, str(datos.get("accion", "")), int(datos.get("juntos", 1)), se_deshace)
