"""The deliberate faults: at least one for each rule, each found by a test that carries the rule's name."""

from tests.sabotage.border_faults import ALLOWED, ASKED_BY_HTTP, REFUSED
from tests.sabotage.drain_faults import ENDLESS, LEFT
from tests.sabotage.durable_faults import DURABLE, ORDERED_ONCE, RESUMED
from tests.sabotage.fault import Fault
from tests.sabotage.limit_faults import BOUNDED
from tests.sabotage.live_faults import SEEN, UNDONE, UNHINDERED
from tests.sabotage.picture_faults import OF_THE_PICTURE
from tests.sabotage.secret_faults import KEPT_OUT, TOLD_APART
from tests.sabotage.story_faults import OF_THE_STORIES

FAULTS: tuple[Fault, ...] = (
    *DURABLE,
    *ORDERED_ONCE,
    *RESUMED,
    *SEEN,
    *UNHINDERED,
    *ALLOWED,
    *REFUSED,
    *BOUNDED,
    *LEFT,
    *ENDLESS,
    *UNDONE,
    *ASKED_BY_HTTP,
    *KEPT_OUT,
    *TOLD_APART,
    *OF_THE_PICTURE,
    *OF_THE_STORIES,
)
