"""When each report came into the store: without it no past moment of the store can be looked at again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0002_append_only")]
    operations = [migrations.AddField("reportrow", "added_at", models.CharField(max_length=40, null=True))]
