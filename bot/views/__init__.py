"""Views: the values that services return and screens draw."""
