"""The door: who may do what, and for which courses."""

from bot.services.access.desk import Desk
from bot.services.access.permissions import Access, Permission
from bot.services.access.places import Places
from bot.services.access.staff import Staff

__all__ = ["Access", "Desk", "Permission", "Places", "Staff"]
