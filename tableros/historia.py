"""Where each parte stands by its history, against what the parte says of itself (`script/manage recontar`).

The figures are counted from the partes. Here the lines of the history are walked again, those of each parte in their
order: a parte that says otherwise than its last line, or a line that does not begin where the one before ended, is
named by its radicado. Nothing is mended: which of the two is right is for a person to say.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction

from alcance import como_sistema
from solicitudes.estados import ABIERTOS

_ABIERTOS = ", ".join(f"'{estado.value}'" for estado in sorted(ABIERTOS))
_LUGAR = ", ".join(
    f"(m.datos #>> '{{lugar,{lado},{n}}}')::bigint as {lado}_{campo}"
    for lado in ("de", "a")
    for n, campo in enumerate(("dependencia", "asesor"))
)
# Every parte begins in the queue with nobody. What is delivered is so at the end of its last session, or at the moment
# of its line: that one is taken when the turn is, somewhat later.
_CONTRADICCIONES = f"""
with lineas as (
    select m.id, m.parte_id, m.de, m.a, m.en, {_LUGAR}
    from solicitudes_movimiento m where m.parte_id is not null and m.datos ? 'lugar'
),
seguidas as (
    select parte_id, a, a_dependencia, a_asesor, en, lead(id) over w is null as ultima,
           (de, de_dependencia, de_asesor) is distinct from (lag(a, 1, 'en_cola'::varchar) over w,
            lag(a_dependencia, 1, de_dependencia) over w, lag(a_asesor) over w) as rota
    from lineas window w as (partition by parte_id order by id)
),
fines as (
    select parte_id, max(a) filter (where ultima) as estado, max(a_dependencia) filter (where ultima) as dependencia,
           max(a_asesor) filter (where ultima) as asesor, max(en) filter (where ultima) as en, count(*) as lineas,
           count(*) filter (where rota) as rotas
    from seguidas group by parte_id
),
sesiones as (
    select parte_id, max(coalesce(fin, inicio)) as fin from solicitudes_actuacion where estado = 'realizada' group by 1
)
select s.radicado, p.id, c.campo, coalesce(c.guardado, 'nada'), coalesce(c.debido, 'nada')
from solicitudes_parte p join solicitudes_solicitud s on s.id = p.solicitud_id
left join solicitudes_movimiento r on r.solicitud_id = p.solicitud_id and r.accion = 'radicar'
left join fines f on f.parte_id = p.id
left join sesiones x on x.parte_id = p.id
cross join lateral (
    select coalesce(f.estado, 'en_cola') as estado,
           case when f.estado not in ({_ABIERTOS}) then f.en end as cerrada_en,
           case when f.estado = 'atendida' then f.en end as atendida_en
) h
cross join lateral (values
    ('estado', p.estado, h.estado, p.estado <> h.estado),
    ('asesor', p.asesor_id::text, f.asesor::text, p.asesor_id is distinct from f.asesor),
    ('dependencia', p.dependencia_id::text, coalesce(f.dependencia::text, array_to_string(s.dependencias, ' o ')),
     p.dependencia_id <> all(case when f.parte_id is null then s.dependencias else array[f.dependencia] end)),
    ('recibido_en', p.recibido_en::text, r.datos ->> 'recibido_en',
     p.recibido_en is distinct from (r.datos ->> 'recibido_en')::timestamptz),
    ('prestada_en', p.prestada_en::text, case when h.atendida_en is not null then coalesce(x.fin, f.en) end::text,
     case when p.prestada_en is null or h.atendida_en is null
          then (p.prestada_en is null) <> (h.atendida_en is null)
          else p.prestada_en is distinct from x.fin
               and p.prestada_en not between h.atendida_en - interval '1 minute' and h.atendida_en end),
    ('cerrada_en', p.cerrada_en::text, h.cerrada_en::text, p.cerrada_en is distinct from h.cerrada_en),
    ('historia', f.lineas || ' líneas', f.rotas || ' no empiezan donde terminó la anterior', f.rotas > 0)
) c (campo, guardado, debido, difiere)
where c.difiere order by s.id, p.id, c.campo
"""  # noqa: S608 our own names


@dataclass(frozen=True, slots=True)
class Contradiccion:
    """What a parte says (`guardado`) and what follows from its history (`debido`), as text."""

    radicado: str
    parte: int
    campo: str
    guardado: str
    debido: str

    def como_json(self) -> dict[str, Any]:
        return asdict(self)


def contradicciones() -> list[Contradiccion]:
    """Every parte that says otherwise than its history, by radicado. One statement: it sees a single instant."""
    with transaction.atomic(), como_sistema("repasar la historia de cada parte"), connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0")
        cursor.execute("set local work_mem = '128MB'")
        cursor.execute(_CONTRADICCIONES)
        return [Contradiccion(*fila) for fila in cursor.fetchall()]
