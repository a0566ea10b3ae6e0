from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0001_initial"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)),
                fields=("subject_id", "right", "about"),
                name="one_open_request",
            ),
        ),
    ]
