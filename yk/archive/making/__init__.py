"""What the demonstration archive is made of: materials, shared rows, and the rows of one customer."""
