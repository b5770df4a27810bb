"""What bots are told: updates, how they are brought, and what people wait for."""
