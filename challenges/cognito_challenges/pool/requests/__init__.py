"""What a request must look like: members, shapes, limits."""
