"""What the new columns say of what is there already: when a form was first answered, which Member an ask is about, when an item was done."""

from django.db import migrations
from django.db.models import Min, OuterRef, Subquery


def fill(apps, schema_editor):
    Form, Ask = apps.get_model("evaluation", "Form"), apps.get_model("evaluation", "Ask")
    Item, Update = apps.get_model("evaluation", "ActionItem"), apps.get_model("evaluation", "ItemUpdate")
    first = Ask.objects.filter(form=OuterRef("pk"), answered_at__isnull=False).values("form").annotate(at=Min("answered_at")).values("at")
    Form.objects.update(frozen_at=Subquery(first))
    for form in Form.objects.only("pk", "questions").iterator():
        Form.objects.filter(pk=form.pk).update(seconds=30 + 20 * len(form.questions))
    Nomination = apps.get_model("training", "Nomination")
    place = Nomination.objects.filter(pk=OuterRef("nomination")).values("invitation__place")[:1]
    Ask.objects.filter(nomination__isnull=False).update(place=Subquery(place))
    done = Update.objects.filter(item=OuterRef("pk"), state="done").values("item").annotate(at=Min("at")).values("at")
    Item.objects.filter(state="done").update(done_at=Subquery(done))
    for item in Item.objects.filter(state="done", done_at__isnull=True).only("pk", "made_at"):
        Item.objects.filter(pk=item.pk).update(done_at=item.made_at)


class Migration(migrations.Migration):

    dependencies = [
        ("evaluation", "0002_versions_members_lessons"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
