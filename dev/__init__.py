"""What maintainers run: benchmarks and the picture of the README."""
