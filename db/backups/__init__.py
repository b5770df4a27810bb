"""Backups of the database, made and proved with PostgreSQL's own programs."""

from db.backups.dump import back_up, note
from db.backups.files import newest_in
from db.backups.programs import BackupError
from db.backups.restore import Contents, prove, restore

__all__ = ["BackupError", "Contents", "back_up", "newest_in", "note", "prove", "restore"]
