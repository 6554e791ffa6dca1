from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0002_joined_on'),
    ]

    operations = [
        migrations.AddField(
            model_name='organisation',
            name='lon',
            field=models.FloatField(blank=True, null=True, verbose_name='longitude'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='lat',
            field=models.FloatField(blank=True, null=True, verbose_name='latitude'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lat', None), ('lon', None)), models.Q(('lat__range', (-90, 90)), ('lon__range', (-180, 180)), ('lat__isnull', False), ('lon__isnull', False), models.Q(('kind', 'school'), _negated=True)), _connector='OR'), name='seat_on_earth'),
        ),
    ]
