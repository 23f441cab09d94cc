"""Who is there on a day, and who answers for what somebody has in hand: one place for pages, notices and the check.

Read as the system: others do not see all the roles of others.
"""

from django.db import migrations

# In plpgsql, whose plans are kept: filing and claiming ask.
# A role that attends, in force, in that dependencia or in the one above it, with an active account.
ATIENDE = """
create function direcciones_atiende(cual bigint, lugar bigint, dia date, ahora timestamptz) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from direcciones_membresia m join direcciones_persona p on p.id = m.persona_id
        where m.persona_id = cual and p.is_active and m.rol in ('asesor', 'subdirector', 'director')
        and (m.dependencia_id = lugar
             or m.dependencia_id = (select d.padre_id from direcciones_dependencia d where d.id = lugar))
        and m.desde <= dia and (m.hasta is null or m.hasta >= dia)
        and (m.terminada_en is null or m.terminada_en > ahora)
    );
end $$;
"""
AUSENTE = """
create function direcciones_ausente(cual bigint, dia date) returns boolean language plpgsql stable as $$
begin
    return exists (
        select from direcciones_ausencia a
        where a.persona_id = cual and a.anulada_en is null and dia between a.desde and a.hasta
    );
end $$;
"""
# The head of the place, the head above, whoever attends there, whoever attends above; null when nobody is left.
QUIEN_QUEDA = """
create function direcciones_quien_queda(lugar bigint, solo_jefes boolean, dia date, ahora timestamptz) returns bigint
language plpgsql stable as $$
begin
    return (select m.persona_id
    from direcciones_membresia m join direcciones_persona p on p.id = m.persona_id
    where p.is_active
    and m.rol = any (case when solo_jefes then '{subdirector,director}' else '{subdirector,director,asesor}' end
                     ::text[])
    and (m.dependencia_id = lugar
         or m.dependencia_id = (select d.padre_id from direcciones_dependencia d where d.id = lugar))
    and m.desde <= dia and (m.hasta is null or m.hasta >= dia)
    and (m.terminada_en is null or m.terminada_en > ahora)
    and not direcciones_ausente(m.persona_id, dia)
    order by m.rol = 'asesor', m.dependencia_id <> lugar, m.id limit 1);
end $$;
"""
# Whoever has it when they are there; else whoever covers them, if they attend there; else who is left. What is
# reserved is seen by its responsible and the heads alone: only they answer for it.
RESPONSABLE = """
create function direcciones_responsable(
    asesor bigint, lugar bigint, reservada boolean, dia date, ahora timestamptz
) returns bigint language plpgsql stable as $$
declare
    suplente bigint;
begin
    if direcciones_atiende(asesor, lugar, dia, ahora) and not direcciones_ausente(asesor, dia) then
        return asesor;
    end if;
    if not reservada then
        suplente := direcciones_reemplazo(asesor, dia);
        -- A chain ends in somebody who is there.
        if suplente <> asesor and direcciones_atiende(suplente, lugar, dia, ahora) then
            return suplente;
        end if;
    end if;
    return direcciones_quien_queda(lugar, reservada, dia, ahora);
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("direcciones", "0007_alcance_ausencias")]
    operations = [
        migrations.RunSQL(ATIENDE, "drop function direcciones_atiende(bigint, bigint, date, timestamptz);"),
        migrations.RunSQL(AUSENTE, "drop function direcciones_ausente(bigint, date);"),
        migrations.RunSQL(QUIEN_QUEDA, "drop function direcciones_quien_queda(bigint, boolean, date, timestamptz);"),
        migrations.RunSQL(
            RESPONSABLE, "drop function direcciones_responsable(bigint, bigint, boolean, date, timestamptz);"
        ),
    ]
