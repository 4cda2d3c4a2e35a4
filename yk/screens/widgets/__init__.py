"""What the screens are made of: lists, running text, input, status line, key line."""
