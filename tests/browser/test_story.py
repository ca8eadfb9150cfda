"""People color one photograph in real browsers, and the server is killed under them: one story."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from chromavive.hints.entry import Entry, decode_entry
from chromavive.hints.state import State, state_after
from chromavive.journal.sqlite import SqliteJournal
from tests.browser.photograph import ERROR_MAX, coffee, error_at
from tests.browser.serving import Server
from tests.browser.studio import Hint, Point, Studio

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

COFFEE, CUP, RIM = (0.449, 0.386), (0.394, 0.194), (0.581, 0.176)
LEFT, RIGHT, TABLE, FRONT = (0.189, 0.494), (0.714, 0.401), (0.848, 0.121), (0.5, 0.92)
BLUE, GREEN = "#5a70b8", "#6a9a60"
EXACT = {"width_px": 1000, "height_px": 548}
"""A window in which the fitted photograph is shown pixel by pixel."""

ADD_OF_A_VIEWER = """
() => new Promise((resolve, reject) => {
  const [room] = location.pathname.split('/').slice(-1);
  const [capability, id] = [location.hash.slice(1), 'viewershintAAAAA'];
  const secret = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const seat = secret();
  const socket = new WebSocket(`ws://${location.host}/api/rooms/${room}/socket`);
  const send = (message) => socket.send(JSON.stringify(message));
  socket.onopen = () => send({type: 'hello', version: 3, capability, member: secret(), seat});
  socket.onmessage = ({data}) => {
    if (typeof data !== 'string') return;
    const message = JSON.parse(data);
    const hints = [{id, x: 0.5, y: 0.5, a: 60, b: 0, size: 3}];
    if (message.type === 'welcome') send({type: 'edit', seat, number: 1, edit: {type: 'add', hints}});
    if (message.type === 'accepted') reject(new Error('a viewer may add'));
    if (message.type !== 'refused') return;
    resolve(message);
    socket.close();
  };
  socket.onclose = ({code}) => reject(new Error(`closed with ${code} before it was refused`));
})
"""


@dataclass(slots=True)
class Story:
    """Anna, who opened the room, and Ben, whose window shows the photograph pixel by pixel; others come later."""

    server: Server
    everybody: list[Studio]
    revision: int = 1

    @property
    def anna(self) -> Studio:
        return self.everybody[0]

    @property
    def ben(self) -> Studio:
        return self.everybody[1]

    def edits(self, count: int = 1) -> None:
        """Wait until so many more edits are everybody's, and are painted."""
        self.revision += count
        for one in self.everybody:
            one.wait_settled(self.revision)
        for one in self.everybody:
            assert one.hints() == self.anna.hints()

    def kill_server(self) -> None:
        """Kill the server, and wait until everybody has noticed."""
        self.server.kill()
        for one in self.everybody:
            one.wait_state("waiting", "connecting")

    def start_server(self, fault: str = "") -> None:
        """Start the server again, and wait until everybody has come back by themselves."""
        self.server.start(fault)
        for one in self.everybody:
            one.wait_live()

    def assert_obeyed(self, hint: str) -> None:
        """Ben's pixels at the hint carry its color."""
        error = error_at(self.ben, self.ben.hints()[hint])
        assert error <= ERROR_MAX, f"{error:.2f}/255 at the hint"

    def shot(self, name: str) -> None:
        for one in self.everybody:
            one.shot(name)


def test_a_room_lives_through_everything(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """Hints, drags, undo, latecomers, a viewer's attempt, and two deaths of the server: all see the same, once."""
    tell(serve(), person, "127.0.0.1")


def test_a_room_lives_on_a_plain_network(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """The same where browsers give no secure context, as on plain HTTP in a network at home."""
    tell(serve(host="chroma.lan"), person, "lan")


def tell(server: Server, person: Callable[..., Studio], shots: str) -> None:
    """The whole story."""
    story = opened(server, person)
    assert story.anna.page.evaluate("isSecureContext") == (shots == "127.0.0.1")
    first = a_hint_appears(story)
    a_drag_is_seen_live(story, first)
    a_removed_hint_comes_back(story, first)
    both_edit_one_hint(story, first)
    links = story.anna.links()
    a_latecomer_costs_no_pass(story, person, links["Color together"])
    a_viewer_changes_nothing(story, person, links["Watch"])
    the_server_dies_under_a_drag(story, first)
    last = the_server_dies_before_it_answers(story)
    shown = story.anna.hints()
    assert set(shown) >= {first, last}
    assert server.stop() == 0
    the_journal_holds_each_edit_once(server.data / "journal.sqlite", shown)


def opened(server: Server, person: Callable[..., Studio]) -> Story:
    """Anna opens a real photograph; Ben comes by the editor's link."""
    anna, ben = person("anna", 1440, 900), person("ben", **EXACT)
    anna.page.goto(server.url)
    anna.shot("landing")
    anna.page.locator("input[type=file]").set_input_files(coffee())
    anna.page.wait_for_url("**/room/**")
    anna.wait_live()
    anna.wait_settled()
    anna.shot("opened")
    ben.open(anna.links()["Color together"])
    assert (anna.data["role"], ben.data["role"]) == ("owner", "editor")
    return Story(server, [anna, ben])


def a_hint_appears(story: Story) -> str:
    """Anna's hint appears at Ben, with a newer frame whose pixels there carry its color."""
    anna, ben = story.anna, story.ben
    first = anna.place(COFFEE)
    story.edits()
    assert ben.hints()[first].is_near(COFFEE)
    look = ben.look
    anna.recolor(first, BLUE)
    story.edits()
    assert ben.look > look
    assert ben.hints()[first].b < -30
    story.assert_obeyed(first)
    story.shot("recolored")
    anna.page.get_by_label("Use for the next hints").check()
    second = anna.place(TABLE)
    story.edits()
    story.assert_obeyed(second)
    anna.deselect()
    story.shot("placed")
    return first


def a_drag_is_seen_live(story: Story, hint: str) -> None:
    """While Ben drags, Anna sees the hint move and the colors with it."""
    anna, ben = story.anna, story.ben
    look, before = anna.look, anna.hints()[hint]
    with ben.dragging(hint) as drag:
        drag.to(LEFT)
        wait_until_at(anna, hint, LEFT)
        anna.wait_preview(look)
        story.shot("dragging")
        assert anna.revision == story.revision, "a drag in progress is not durable"
    story.edits()
    assert anna.hints()[hint].is_near(LEFT)
    assert not anna.hints()[hint].is_near((before.x, before.y))
    story.assert_obeyed(hint)


def a_removed_hint_comes_back(story: Story, hint: str) -> None:
    """Anna removes a hint and takes that back: it returns as it was, to everybody."""
    anna = story.anna
    before = anna.hints()
    anna.remove(hint)
    story.edits()
    assert set(story.ben.hints()) == set(before) - {hint}
    story.shot("removed")
    anna.undo()
    story.edits()
    assert story.ben.hints() == before
    story.assert_obeyed(hint)


def both_edit_one_hint(story: Story, hint: str) -> None:
    """Anna moves what Ben recolors; Anna's undo takes only her own part back."""
    anna, ben = story.anna, story.ben
    before = anna.hints()[hint]
    ben.select(hint)
    with anna.dragging(hint) as drag:
        drag.to(RIGHT)
        wait_until_at(ben, hint, RIGHT)
        field = ben.page.locator(".panel-head input")
        field.fill(GREEN)
        field.press("Enter")
        story.revision += 1
        ben.wait_revision(story.revision)
    story.edits()
    both = anna.hints()[hint]
    assert both.is_near(RIGHT)
    assert both.a < -15
    story.shot("both")
    anna.undo()
    story.edits()
    assert anna.hints()[hint] == Hint(before.x, before.y, both.a, both.b)
    story.assert_obeyed(hint)
    ben.deselect()


def a_latecomer_costs_no_pass(story: Story, person: Callable[..., Studio], link: str) -> None:
    """Who joins late gets the frame that is there."""
    passes = story.server.passes
    clara = person("clara", 900, 700)
    clara.open(link)
    clara.wait_settled(story.revision)
    assert clara.hints() == story.anna.hints()
    assert clara.look == story.anna.look
    assert story.server.passes == passes
    clara.shot("late")
    story.everybody.append(clara)


def a_viewer_changes_nothing(story: Story, person: Callable[..., Studio], link: str) -> None:
    """A viewer's page offers no editing, and the hub refuses what a viewer sends all the same."""
    vera = person("vera", 900, 700)
    vera.open(link)
    assert vera.data["role"] == "viewer"
    before = vera.hints()
    vera.page.mouse.click(*vera.screen((0.5, 0.9)))
    refused = vera.page.evaluate(ADD_OF_A_VIEWER)
    assert (refused["code"], refused["kind"], refused["number"]) == ("not_allowed", "drop", 1)
    assert story.server.get(f"api/rooms/{vera.room}", vera.capability)["revision"] == story.revision
    assert vera.hints() == before == story.anna.hints()
    vera.shot("viewer")
    story.everybody.append(vera)


def the_server_dies_under_a_drag(story: Story, hint: str) -> None:
    """Killed mid-drag and started again: all come back by themselves, the drag ends where it was let go."""
    anna, ben = story.anna, story.ben
    with ben.dragging(hint) as drag:
        drag.to(CUP)
        wait_until_at(anna, hint, CUP)
        story.kill_server()
        drag.to(RIGHT)
    anna.place(RIM)
    story.shot("offline")
    story.start_server()
    story.edits(2)
    assert anna.hints()[hint].is_near(RIGHT)
    story.assert_obeyed(hint)
    story.shot("back")


def the_server_dies_before_it_answers(story: Story) -> str:
    """Killed between the journal's sync and the answer: the edit is sent again, and is there once."""
    story.kill_server()
    story.start_server("die-after-append:1")
    last = story.anna.place(FRONT)
    assert story.server.died()
    assert story.anna.revision == story.revision, "nobody was told of what was appended"
    story.start_server()
    story.edits()
    return last


def the_journal_holds_each_edit_once(path: Path, shown: dict[str, Hint]) -> None:
    """The journal, read when the server is gone, has what was done, in order, and adds up to what was shown."""
    journal = SqliteJournal(path)
    try:
        (room,) = journal.rooms()
        entries = [decode_entry(record.payload) for record in journal.read(room)]
    finally:
        journal.close()
    kinds = [entry.kind for entry in entries]
    assert kinds[:9] == ["opened", "add", "recolor", "add", "move", "remove", "undo", "recolor", "move"]
    assert kinds[9] == "undo"
    assert sorted(kinds[10:12]) == ["add", "move"]
    assert kinds[12:] == ["add"]
    assert len({(entry.seat, entry.number) for entry in entries}) == len(entries)
    hints = added_up(entries).hints
    assert {hint.id: Hint(hint.x, hint.y, hint.a, hint.b) for hint in hints.values()} == shown


def added_up(entries: list[Entry]) -> State:
    state: State | None = None
    for entry in entries:
        state = state_after(state, entry)
    assert state is not None
    return state


def wait_until_at(studio: Studio, hint: str, place: Point) -> None:
    """Wait until the page shows the hint there, colors aside."""
    studio.wait(
        "([id, x, y]) => { const {dataset} = document.querySelector(`[data-hint-id='${id}']`);"
        " return Math.abs(dataset.x - x) < 0.004 && Math.abs(dataset.y - y) < 0.004; }",
        [hint, *place],
    )
