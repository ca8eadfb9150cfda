"""Hints, the edits that change them, and the entries that the journal keeps. Pure."""

from chromavive.hints.edit import Edit, resolve
from chromavive.hints.entry import Change, Entry
from chromavive.hints.hint import Hint, merged
from chromavive.hints.state import State

__all__ = ["Change", "Edit", "Entry", "Hint", "State", "merged", "resolve"]
