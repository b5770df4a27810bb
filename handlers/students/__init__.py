"""Updates from people who are not admins."""
