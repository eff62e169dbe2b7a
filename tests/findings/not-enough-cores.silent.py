"""One process that computes; it needs one core."""
print(sum(i * i for i in range(6_000_000)))
