import django.db.models.deletion
import entrepot.capacity.community.enums
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('competencies', '0001_initial'),
        ('training', '0002_run_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('opened_at', models.DateTimeField()),
                ('activity', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='alumni', to='training.activity')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('sight', models.CharField(default=entrepot.capacity.community.enums.Sight['PRIVATE'], max_length=16)),
                ('headline', models.CharField(blank=True, max_length=160)),
                ('about', models.TextField(blank=True)),
                ('ask_me', models.CharField(blank=True, max_length=300)),
                ('shared_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='profile', to=settings.AUTH_USER_MODEL)),
                ('topics', models.ManyToManyField(related_name='profiles', to='competencies.topic')),
            ],
        ),
        migrations.CreateModel(
            name='Tongue',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('language', models.CharField(max_length=12)),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tongues', to='community.profile')),
            ],
        ),
        migrations.CreateModel(
            name='Fellow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('taught', models.BooleanField(default=False)),
                ('belonging', models.CharField(default=entrepot.capacity.community.enums.Belonging['ASKED'], max_length=8)),
                ('hears', models.BooleanField(default=True)),
                ('asked_at', models.DateTimeField()),
                ('joined_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fellowships', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fellows', to='community.group')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('group', 'person'), name='community_fellow_once'), models.CheckConstraint(condition=models.Q(('belonging__in', ['asked', 'joined', 'left'])), name='community_fellow_belonging_known'), models.CheckConstraint(condition=models.Q(models.Q(('belonging', 'joined'), _negated=True), ('joined_at__isnull', False), _connector='OR'), name='community_fellow_by_consent')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('at', models.DateTimeField()),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters_sent', to=settings.AUTH_USER_MODEL)),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters_got', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['sender', 'at'], name='community_letter_sent')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('at', models.DateTimeField()),
                ('text', models.TextField(blank=True)),
                ('out_at', models.DateTimeField(blank=True, null=True)),
                ('out_by', models.UUIDField(blank=True, null=True)),
                ('out_because', models.CharField(blank=True, max_length=300)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='community.group')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='community.post')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['group', 'at'], name='community_post_group')],
                'constraints': [models.CheckConstraint(condition=models.Q(('out_at__isnull', True), ('text', ''), _connector='OR'), name='community_post_out_whole')],
            },
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(('sight__in', ['private', 'administration', 'region'])), name='community_profile_sight_known'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(('sight', 'private'), ('shared_at__isnull', False), _connector='OR'), name='community_profile_by_consent'),
        ),
        migrations.AddIndex(
            model_name='tongue',
            index=models.Index(fields=['language'], name='community_tongue_language'),
        ),
        migrations.AddConstraint(
            model_name='tongue',
            constraint=models.UniqueConstraint(fields=('profile', 'language'), name='community_tongue_once'),
        ),
    ]
