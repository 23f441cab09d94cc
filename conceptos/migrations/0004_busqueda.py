"""Full text in Spanish, with and without accents.

Taking accents off before the Spanish stemmer breaks it («radicación» no longer finds «radicaciones»), so two
configurations are indexed and asked together: `spanish`, and `es_na` for whoever types without accents (stack.md §3).
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("conceptos", "0003_entrega")]
    operations = [
        migrations.RunSQL(
            """
            do $$ begin
                if not exists (select 1 from pg_ts_config where cfgname = 'es_na') then
                    create text search configuration public.es_na (copy = pg_catalog.spanish);
                    alter text search configuration public.es_na
                        alter mapping for hword, hword_part, word with unaccent, spanish_stem;
                end if;
            end $$;
            """,
            "drop text search configuration if exists public.es_na;",
        ),
    ]
