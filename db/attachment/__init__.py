"""What the desk adds to the school's own tables: columns, indexes and triggers.

Migrations make the desk's own schema, once. This is looked at on every start, because a school may
restore its tables from a dump, make them anew, or drop what it does not know.
"""
