"""A loop in one thread."""
total = 0
for n in range(12_000_000):
    total += n * n
print(total)
