"""The school's database: adoption, migrations, other writers."""
