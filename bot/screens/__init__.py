"""What people see: one function for one screen, values in, words and buttons out."""
