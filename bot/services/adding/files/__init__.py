"""Reading files of bookings: text, table, columns, cells. All of it is pure."""
