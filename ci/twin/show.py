"""Writes programs and traces for people."""

INSIDE = ("body", "handler", "finally")


def statement_lines(statement, indent):
    words = [f"{statement['id']:>4}  {'  ' * indent}{statement['op']}"]
    for key, value in statement.items():
        if key not in ("id", "op", *INSIDE):
            words.append(key if value is True else f"{key}={value}")
    yield " ".join(words)
    for key in INSIDE:
        if key in statement:
            if key != "body":
                yield f"      {'  ' * indent}{key}:"
            for inner in statement[key]:
                yield from statement_lines(inner, indent + 1)


def program(tree):
    lines = []
    for key in ("events", "locks", "semaphores", "limiters", "conditions", "channels", "scopes"):
        if tree[key]:
            lines.append(f"      {key}: {tree[key]}")
    for statement in tree["body"]:
        lines.extend(statement_lines(statement, 0))
    return "\n".join(lines)


def size(statements):
    """How many statements there are, at any depth."""
    return sum(1 + sum(size(s.get(key, ())) for key in INSIDE) for s in statements)


def traces(trio, triad):
    """Two traces side by side; a star marks the lines that differ."""
    width = min(70, max((len(line) for line in trio), default=0))
    lines = [f"  {'Trio':<{width}}  Triad"]
    for i in range(max(len(trio), len(triad))):
        left = trio[i] if i < len(trio) else ""
        right = triad[i] if i < len(triad) else ""
        lines.append(f"{' ' if left == right else '*'} {left:<{width}}  {right}")
    return "\n".join(lines)
