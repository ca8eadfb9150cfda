"""How secrets are drawn and compared."""

import ast
import hmac

import pytest

from chromavive import ids
from chromavive.hints.entry import Photograph
from chromavive.room.ledger import Ledger
from chromavive.room.opening import links_of, opening_entry
from tests.source.tree import PACKAGE, dotted, name_of, parse, python_files


def test_every_secret_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the hashes of all three capabilities, whichever it is, and as a whole: time tells no guesser anything."""
    compared: list[tuple[bytes, bytes]] = []
    whole = hmac.compare_digest

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return whole(one, other)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    owner = ids.new_secret()
    links = links_of(owner, {"editor": 0, "viewer": 0})
    ledger = Ledger.opened(opening_entry(Photograph("0" * 64, 16, 16, False), "stub", "", owner, 0.0))
    asked = {links.owner: "owner", links.editor: "editor", links.viewer: "viewer", owner[:-1]: None, "": None}
    for capability, role in asked.items():
        compared.clear()
        assert ledger.role_of(capability) == role
        assert len(compared) == 3
        assert {len(each) for pair in compared for each in pair} == {32}


def test_nothing_else_compares_secrets() -> None:
    """`==` between what a peer says and what is secret would stop at the first letter that differs."""
    secret = ("capability", "capability_hash", "password", "create_password", "secret")
    for path in python_files(PACKAGE):
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
                sides = [dotted(each).rpartition(".")[2] for each in (node.left, *node.comparators)]
                assert not set(sides) & set(secret), f"{name_of(path)}:{node.lineno}"


def test_secrets_have_128_bits_and_derived_ones_tell_nothing_of_each_other() -> None:
    """The editor's and viewer's follow from the owner's and never lead back; a new generation gives new ones."""
    drawn = {ids.new_secret() for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(ids.SECRET_PATTERN.fullmatch(each) for each in drawn)
    owner = drawn.pop()
    derived = {ids.derived_capability(owner, role, number) for role in ("editor", "viewer") for number in range(3)}
    assert len(derived | {owner}) == 7
    assert all(ids.SECRET_PATTERN.fullmatch(each) for each in derived)
