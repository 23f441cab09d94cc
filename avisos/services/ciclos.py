"""Telling what comes round every year, once each period to each person, whatever happened to the clock."""

from django.db import transaction

from alcance import como_sistema
from avisos.ciclos import POR_CLAVE, Ciclo, toca
from avisos.models import Aviso, PoliticaAviso
from avisos.services.avisar import avisar
from direcciones.ausencias import con_rol, de_turno, quienes_dirigen
from direcciones.models import Dependencia, Persona
from direcciones.roles import DE_ENTIDAD, Rol
from plazos.reloj import hoy
from plazos.services import calendario_vigente

Destino = PoliticaAviso.Destino
DE_TODA_LA_SDFI = {Destino.SUBSECRETARIA: Rol.SUBSECRETARIO, Destino.ADMINISTRACION: Rol.ADMINISTRADOR}


def avisar_ciclos() -> int:
    """Tell what is due today and was not. Gives how many rows were due; asked again, it tells nobody twice."""
    dia, calendario, debidas = hoy(), calendario_vigente(), 0
    with como_sistema("avisar lo que toca cada año"):
        for fila in PoliticaAviso.objects.vigentes(dia).exclude(ciclo="").order_by("pk"):
            periodo = toca(fila.ciclo, dia, calendario)
            if periodo is None or not fila.activa or fila.evento not in POR_CLAVE:
                continue
            ciclo, debidas = POR_CLAVE[fila.evento], debidas + 1
            with transaction.atomic():
                for persona in a_quienes(fila, ciclo):
                    avisar(
                        persona=persona,
                        carta=ciclo.carta(periodo.hasta),
                        clave=f"ciclo:{fila.evento}:{periodo.periodo}",
                        evento=fila.evento,
                        solo_portal=fila.canal == PoliticaAviso.Canal.PORTAL,
                    )
    return debidas


def por_avisar(fila: PoliticaAviso) -> list[Persona]:
    """Whom this row would tell today and was not told."""
    ciclo, periodo = POR_CLAVE[fila.evento], toca(fila.ciclo, hoy(), calendario_vigente())
    if periodo is None:
        return []
    clave = f"ciclo:{fila.evento}:{periodo.periodo}"
    with como_sistema("ver a quién se avisó lo de cada año"):
        personas = a_quienes(fila, ciclo)
        ya = Aviso.objects.filter(clave__in=[f"{clave}:{p.pk}" for p in personas]).order_by()
        avisadas = set(ya.values_list("persona_id", flat=True))
        return [p for p in personas if p.pk not in avisadas]


def a_quienes(fila: PoliticaAviso, ciclo: Ciclo) -> list[Persona]:
    """Of each dependencia who heads it and is there; else who is over it: nothing is told to nobody."""
    if fila.a_quien == Destino.ENTIDAD:
        return con_rol(*DE_ENTIDAD)
    if rol := DE_TODA_LA_SDFI.get(Destino(fila.a_quien)):
        return de_turno(rol)
    personas: dict[int, Persona] = {}
    for dependencia in _dependencias(fila, ciclo):
        personas |= {persona.pk: persona for persona in quienes_dirigen(dependencia)}
    return list(personas.values())


def _dependencias(fila: PoliticaAviso, ciclo: Ciclo) -> list[Dependencia]:
    """Those of the row; of a general one, without those that have their own."""
    vigentes = Dependencia.objects.vigentes(hoy()).order_by("codigo")
    if fila.dependencia_id is not None:
        return list(vigentes.filter(pk=fila.dependencia_id))
    propias = PoliticaAviso.objects.vigentes(hoy()).filter(evento=fila.evento, dependencia__isnull=False)
    vigentes = vigentes.exclude(pk__in=propias.values("dependencia"))
    if ciclo.codigo:
        return list(vigentes.filter(codigo=ciclo.codigo))
    return list(vigentes.filter(tipo=Dependencia.Tipo.DIRECCION))
