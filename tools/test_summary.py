"""The last words of a test suite: what took longest, and what was not covered."""
import collections

SHOWN = 10


def print_slowest(timed):
    """`timed`: (seconds, name) of each test."""
    print("slowest:")
    for seconds, name in sorted(timed, reverse=True)[:SHOWN]:
        print(f"{seconds:8.1f} s  {name}")


def print_not_covered(skipped):
    """`skipped`: (name, reason) of each test that was not run. A line for each reason; ./check repeats them at its end."""
    by_reason = collections.defaultdict(list)
    for name, reason in skipped:
        by_reason[reason].append(name)
    for reason, names in by_reason.items():
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        print(f"not covered: {reason}: {', '.join(names[:3])}{more}")
