"""Third net of the expediente: for whoever of the SDFI sees its solicitud; written by the system, and only added to."""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado, SoloAnexar

POR_SOLICITUD = "exists (select 1 from solicitudes_solicitud s where s.id = solicitud_id)"
VER = f"{{entidad}} is null and ({{rol}} <> '' or {{nivel}} <> '') and {POR_SOLICITUD}"


class Migration(migrations.Migration):
    dependencies = [("expedientes", "0001_initial"), ("solicitudes", "0002_alcance")]
    operations = [
        *(
            ActivarRLS(f"expedientes_{tabla}", VER, "false")
            for tabla in ("expediente", "documento", "indiceelectronico", "copia")
        ),
        SinBorrado("expedientes_expediente", "expedientes_copia"),
        SoloAnexar("expedientes_documento", "expedientes_indiceelectronico"),
        # A signed index never changes; only where its printed form is kept is written afterwards, once.
        migrations.RunSQL(
            "grant update (ruta_pdf, sha256_pdf) on expedientes_indiceelectronico to sdfi_web;",
            "revoke update (ruta_pdf, sha256_pdf) on expedientes_indiceelectronico from sdfi_web;",
        ),
    ]
