"""Finding bookings: by what is typed, forwarded, or asked for in another chat."""
