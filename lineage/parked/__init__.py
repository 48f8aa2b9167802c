"""What becomes of a record that was refused? It is looked at, and judged again when more can be read."""
