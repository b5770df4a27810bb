"""What happens without a press: loops over tables, never over memory."""
