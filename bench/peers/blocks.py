"""Processor seconds of one call of a function that is too short for a clock."""
import statistics
import time

BLOCKS = 7


def seconds_of_run(run, seconds):
    """The median of blocks of calls that take `seconds` together."""
    def block(count):
        start = time.process_time()
        for _ in range(count):
            run()
        return (time.process_time() - start) / count

    block(1)  # the first one prepares
    count = max(1, int(seconds / BLOCKS / max(block(3), 1e-6)))
    return statistics.median(block(count) for _ in range(BLOCKS))
