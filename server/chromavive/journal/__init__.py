"""The durable record of entries. `SqliteJournal` is imported from its own module: only who needs it loads apsw."""

from chromavive.journal.contract import Append, Appended, Conflict, Journal, Outcome, Record, Unknown
from chromavive.journal.faults import Fault, FaultyJournal
from chromavive.journal.memory import MemoryJournal

__all__ = [
    "Append",
    "Appended",
    "Conflict",
    "Fault",
    "FaultyJournal",
    "Journal",
    "MemoryJournal",
    "Outcome",
    "Record",
    "Unknown",
]
