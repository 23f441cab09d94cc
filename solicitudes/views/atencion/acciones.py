"""One view for every row of the table: its form, its confirmation, its conflict. The table says what each one asks."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from alcance.politicas import requiere
from direcciones.roles import DE_DEPENDENCIA, DE_ENTIDAD, Rol
from plazos.reloj import hoy
from solicitudes.estados import ACCIONES, ACTOS, Transicion
from solicitudes.forms.atencion import FormularioAccion, FormularioActuacion
from solicitudes.models import Parte, Solicitud
from solicitudes.services.acciones import ejecutar
from solicitudes.services.cola import cuantas_anteriores, mas_antiguas
from solicitudes.services.novedades import HuboCambios, novedades_desde, version_de
from solicitudes.services.plazo import limite_para_trasladar
from solicitudes.services.prorroga import por_que_no_se_amplia
from solicitudes.services.transiciones import NoSePuede, no_es_momento, no_le_corresponde, por_que_no
from solicitudes.views.atencion.comun import la_parte, la_solicitud, las_partes

# What happens, said before it does. Without an entry the page shows only the form.
QUE_PASA = {
    "tomar": "Usted queda como responsable y la entidad lo ve.",
    "empezar": "La entidad verá que usted empezó a atenderla.",
    "liberar": "Vuelve a la cola en su mismo turno: otra persona la atenderá. La entidad no pierde su lugar.",
    "reasignar": "La persona elegida la recibe en su bandeja, en el turno que le corresponde por llegada.",
    "reasignar_en_espera": "La persona elegida sigue la espera: recibirá lo que responda la entidad.",
    "pedir_complemento": "Sale de su bandeja y vuelve sola cuando la entidad responda. El plazo no se detiene.",
    "complementar": "Queda como respuesta de la entidad y la solicitud vuelve a quien la atiende.",
    "retomar": "Usted sigue con lo que hay. La entidad ya no podrá responder lo que se le pidió por esa vía.",
    "trasladar": "El radicado, la fecha de recepción y el plazo no cambian. Usted dejará de verla si no participa.",
    "trasladar_fuera": "Termina aquí. Se le informa a la entidad quién debe responderle. No se puede deshacer.",
    "marcar_duplicada": "Termina aquí. La entidad verá en qué radicado se atiende. No se puede deshacer.",
    "declarar_no_competencia": "Termina aquí con su respuesta motivada. No se puede deshacer.",
    "atender": "Termina la atención de su dependencia. La entidad recibe el resultado y, al final, la encuesta.",
    "responder": "La entidad recibe su respuesta y termina la atención. No sirve para un concepto firmado.",
    "reabrir": "Vuelve a estar en elaboración. El plazo no empieza de nuevo.",
    "agregar_dependencia": "La otra dependencia recibe su parte. La solicitud no se cierra hasta que todas respondan.",
    "cambiar_lider": "La dependencia elegida coordina a las demás y responde por el conjunto.",
    "clasificar_peticion": "Da el término legal que se muestra junto al plazo. La fecha de respuesta no se aplaza.",
    "prorrogar": "Vale solo si el aviso le llega a quien la pidió antes de que venza el término. Se amplía una vez.",
    "corregir_correo": "El portal le escribe desde ahora a esta dirección. Compruébela antes: por teléfono, si puede.",
    "reservar": "Solo la ven quien la radicó, quien la atiende, la jefatura y el auditor. Cada apertura se registra.",
    "levantar_reserva": "La verán todas las personas de la dependencia y de la entidad.",
}
HECHO = {
    "asignar": "Quedó asignada.",
    "tomar": "Ahora usted la atiende.",
    "empezar": "Ahora usted la atiende.",
    "liberar": "Volvió a la cola, en su mismo turno.",
    "reasignar": "Quedó reasignada.",
    "reasignar_en_espera": "Quedó reasignada.",
    "pedir_complemento": "Pedimos la información a la entidad.",
    "complementar": "Registramos la respuesta de la entidad.",
    "retomar": "Puede continuar.",
    "trasladar": "Quedó trasladada.",
    "trasladar_fuera": "Quedó trasladada a la otra entidad.",
    "marcar_duplicada": "Quedó marcada como duplicada.",
    "declarar_no_competencia": "Enviamos la respuesta a la entidad.",
    "atender": "La atención quedó cerrada.",
    "reabrir": "Quedó reabierta.",
    "mensaje": "Enviamos el mensaje a la entidad.",
    "nota": "Guardamos la nota interna.",
    "responder": "Enviamos la respuesta a la entidad.",
    "programar": "Guardamos la sesión.",
    "agregar_dependencia": "La otra dependencia recibió su parte.",
    "cambiar_lider": "Cambió la dependencia que la lidera.",
    "clasificar_peticion": "Guardamos qué petición es. Su término legal está junto al plazo.",
    "prorrogar": "Pidió ampliar el término legal: vale cuando salga el aviso a quien pidió la asistencia.",
    "corregir_correo": "El correo quedó corregido. Lo que no llegó va en camino.",
    "reservar": "Quedó reservada.",
    "levantar_reserva": "Ya no está reservada.",
}
# A page of confirmation without alarm: what they do can be done again the other way.
SUAVES = frozenset({"en_cola", "en_atencion", "atendida", None})
DE_LA_ENTIDAD = frozenset(a for a, t in ACCIONES.items() if t.roles <= DE_ENTIDAD | {Rol.VENTANILLA})


@method_decorator(requiere(*sorted(DE_DEPENDENCIA | {Rol.VENTANILLA})), name="dispatch")
class Accion(View):
    """GET draws what the row asks; POST does it. A stale form comes back with 409, what was typed and the news."""

    solicitud: Solicitud
    partes: list[Parte]
    parte: Parte
    fila: Transicion

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        accion = kwargs["accion"].replace("-", "_")
        if accion not in ACCIONES or (accion in DE_LA_ENTIDAD and request.alcance.rol not in ACCIONES[accion].roles):
            raise Http404("Esa acción no existe.")
        self.fila = ACCIONES[accion]
        self.solicitud = la_solicitud(request.alcance, kwargs["radicado"])
        self.partes = las_partes(self.solicitud)
        self.parte = la_parte(self.partes, request.alcance, request.GET.get("parte", ""))
        razon = no_le_corresponde(self.parte, self.fila, request.alcance)
        if razon:
            raise PermissionDenied(razon)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        razon = no_es_momento(self.parte, self.fila)
        if not razon and self.fila.accion == "prorrogar":
            razon = por_que_no_se_amplia(self.solicitud)
        if razon:
            return self.dibujar(self.formulario(), razon=razon, status=409)
        return self.dibujar(self.formulario())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.formulario(request.POST, request.FILES)
        if not form.is_valid():
            razon = no_es_momento(self.parte, self.fila)
            return self.dibujar(form, razon=razon or "", status=409 if razon else 422)
        try:
            ejecutar(parte=self.parte, accion=self.fila.accion, datos=form.datos, version=form.cleaned_data["version"])
        except HuboCambios as choque:
            return self.chocar(form, choque)
        except NoSePuede as rechazo:
            return self.rechazar(form, rechazo)
        except ValidationError as falla:
            poner_errores(form, falla)
            return self.dibujar(form, status=422)
        messages.success(request, HECHO[self.fila.accion])
        return redirect(self.destino())

    def formulario(self, datos: Any = None, archivos: Any = None) -> FormularioAccion:
        clase = FormularioActuacion if "actuacion" in self.fila.pide else FormularioAccion
        iniciales = {"version": version_de(self.solicitud)}
        return clase(
            datos, archivos, transicion=self.fila, parte=self.parte, alcance=self.request.alcance, initial=iniciales
        )

    def chocar(self, form: FormularioAccion, choque: HuboCambios) -> HttpResponse:
        """Somebody acted meanwhile: show it beside what was typed; sending again goes through."""
        form.data = form.data.copy()
        form.data["version"] = choque.version
        razon = no_es_momento(Parte.objects.get(pk=self.parte.pk), self.fila)
        return self.dibujar(form, razon=razon or "", novedades=choque.novedades, status=409)

    def rechazar(self, form: FormularioAccion, rechazo: NoSePuede) -> HttpResponse:
        if rechazo.code == "fuera_de_orden" and "codigo" not in form.fields:
            # An older one arrived in between: the page now asks for the reason.
            return self.dibujar(self.formulario(), aviso=rechazo.message, status=409)
        actual = Parte.objects.get(pk=self.parte.pk)
        razon = por_que_no(actual, self.fila, self.request.alcance)
        if razon:
            novedades = novedades_desde(self.solicitud, form.data.get("version", ""))
            return self.dibujar(form, razon=rechazo.message, novedades=novedades, status=409)
        form.add_error(None, rechazo.message)
        return self.dibujar(form, status=422)

    def dibujar(
        self, form: FormularioAccion, *, razon: str = "", aviso: str = "", novedades: Any = (), status: int = 200
    ) -> HttpResponse:
        plantilla = "atencion/programar.html" if "actuacion" in self.fila.pide else "atencion/accion.html"
        contexto = {
            "solicitud": self.solicitud,
            "parte": self.parte,
            "varias": len(self.partes) > 1,
            "fila": self.fila,
            "boton": self.fila.registro or self.fila.boton,
            "form": form,
            "que_pasa": QUE_PASA.get(self.fila.accion, ""),
            "razon": razon,
            "aviso": aviso or self.advertencia(),
            "novedades": novedades,
            "anteriores": self.anteriores(),
            "candidatas": self.candidatas(),
            "nueva_clave": uuid4(),
            "suaves": SUAVES,
            "puede_anotar": not por_que_no(self.parte, ACTOS["nota"], self.request.alcance),
        }
        return render(self.request, plantilla, contexto, status=status)

    def advertencia(self) -> str:
        """Transfers have 5 business days (Ley 1755 de 2015, art. 21): late ones still go, and say so."""
        if self.fila.accion not in {"trasladar", "trasladar_fuera"}:
            return ""
        limite = limite_para_trasladar(self.parte.recibido_en)
        if hoy() <= limite:
            return ""
        return (
            "Ya pasaron los 5 días hábiles que da la ley para trasladar (Ley 1755 de 2015, art. 21). "
            "Puede trasladarla; el retraso queda en la historia."
        )

    def anteriores(self) -> dict[str, Any]:
        """The older ones of the same tray: those one may see, and how many more wait."""
        if "orden" not in self.fila.pide:
            return {}
        cuantas = cuantas_anteriores(self.parte)
        visibles = list(
            mas_antiguas(self.parte)
            .filter(pk__in=Parte.objects.visibles_para(self.request.alcance))
            .select_related("solicitud__entidad")[:10]
        )
        return {"cuantas": cuantas, "visibles": visibles, "ocultas": cuantas - len(visibles)}

    def candidatas(self) -> list[Solicitud]:
        """For «duplicada de»: others of the same entidad, newest first."""
        if "principal" not in self.fila.pide:
            return []
        visibles = Solicitud.objects.visibles_para(self.request.alcance).filter(entidad=self.solicitud.entidad_id)
        return list(visibles.exclude(pk=self.solicitud.pk).exclude(estado__in=["duplicada", "retirada"])[:20])

    def destino(self) -> str:
        """Back to the page, or to the queue when it is no longer theirs."""
        alcance = self.request.alcance
        if Solicitud.objects.visibles_para(alcance).filter(pk=self.solicitud.pk).exists():
            url = reverse("atencion:caso", args=[self.solicitud.radicado])
            return f"{url}?parte={self.parte.pk}" if len(self.partes) > 1 else url
        return reverse("atencion:cola")


def poner_errores(form: Form, falla: ValidationError) -> None:
    """Each failure beside its field; what has no field, on top."""
    for campo, errores in (falla.message_dict if hasattr(falla, "error_dict") else {"": falla.messages}).items():
        for error in errores:
            form.add_error(campo if campo in form.fields else None, error)
