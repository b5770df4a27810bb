"""The school's table as Django sees it, and its page in Django's admin."""

from django.contrib import admin
from django.db import models

from bot.services.lists.paging import PAGE_SIZE


class Booking(models.Model):
    """A row of the school's own table."""

    user_id = models.BigIntegerField()
    first_name = models.TextField(null=True)
    course_stream = models.TextField(null=True)
    confirmed = models.IntegerField(null=True)
    created_at = models.DateTimeField(null=True)

    class Meta:
        """Django does not create the table."""

        managed = False
        db_table = "bookings"


@admin.register(Booking)
class BookingAdmin(admin.ModelAdmin):
    """The settings that a school would write for a list of its bookings."""

    list_display = ("id", "first_name", "course_stream", "confirmed", "created_at")
    ordering = ("-created_at", "-id")
    search_fields = ("first_name",)
    list_per_page = PAGE_SIZE
