from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0004_done_when'),
    ]

    operations = [
        migrations.AddField(
            model_name='amendment',
            name='since',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
