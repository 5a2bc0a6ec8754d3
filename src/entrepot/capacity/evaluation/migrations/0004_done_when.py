from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0003_fill_versions'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='actionitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', False), _connector='OR'), name='evaluation_actionitem_done_when'),
        ),
    ]
