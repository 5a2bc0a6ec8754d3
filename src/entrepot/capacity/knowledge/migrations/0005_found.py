"""What a search counts and sorts by in one index; and practices that were indexed by their words learn which concepts they name."""

from django.db import migrations, models

from entrepot.capacity.knowledge.core import concepts_in, edition

AT_ONCE = 500


def name_concepts(apps, schema_editor):
    """From the words under which each practice is found already."""
    practice, token, mention = (apps.get_model("knowledge", name) for name in ("Practice", "Token", "Mention"))
    keys = {}
    made = []
    for pk in practice.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=AT_ONCE):
        told = dict(mention.objects.filter(practice_id=pk).values_list("token__text", "title"))
        in_title = concepts_in({text for text, title in told.items() if title})
        for text in sorted(concepts_in(told.keys()) | {edition()}):
            if text not in keys:
                keys[text] = token.objects.get_or_create(text=text)[0].pk
            made.append(mention(token_id=keys[text], practice_id=pk, title=text in in_title))
        if len(made) >= AT_ONCE:
            mention.objects.bulk_create(made, ignore_conflicts=True)
            made = []
    mention.objects.bulk_create(made, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [
        ('competencies', '0001_initial'),
        ('evaluation', '0004_done_when'),
        ('knowledge', '0004_meaning_and_indexes'),
        ('region', '0003_past_events'),
        ('training', '0003_spent'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='practice',
            name='knowledge_practice_facets',
        ),
        migrations.AddIndex(
            model_name='practice',
            index=models.Index(fields=['state', 'sight', 'place', 'topic', 'language', 'kind', 'used', 'published_at', 'id'], name='knowledge_practice_found'),
        ),
        migrations.RunPython(name_concepts, migrations.RunPython.noop),
    ]
