"""Times: which days the words of a report stand for, and which of them governs an act."""

from trucewatch.reading.mentions.times.finding import TimeMention, find_times
from trucewatch.reading.mentions.times.governing import time_for

__all__ = ["TimeMention", "find_times", "time_for"]
