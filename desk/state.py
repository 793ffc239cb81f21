"""Everything a desk remembers between commands. Keys of dicts are base64url ids."""

from msgspec import field

from desk.codec import Kept


class HeldLetter(Kept):
    """A letter whose secret waits for its enrolment; erased by the card."""

    secret: bytes
    contact: bytes
    alias: str
    roster_version: int
    roster_hash: bytes
    expires: int


class HeldConsent(Kept):
    """The newest statement seen from one device about one thing."""

    wire: bytes
    given: bool
    counter: int
    at: int


class HeldContact(Kept):
    """What this desk has verified about a contact: its pinned card, and the newest of what counts up."""

    alias: str
    card: bytes
    card_roster: int = 0  # the roster version the card was last checked against
    prekeys: dict[str, bytes] = field(default_factory=dict)  # device -> newest signed prekey
    consents: dict[str, HeldConsent] = field(
        default_factory=dict
    )  # device:purpose, or device:sharing/office/group
    answers: dict[str, bytes] = field(default_factory=dict)  # device -> newest answer (its counter counts up)
    compared_at: int = 0
    noted: int = 0  # serial of the newest card whose phone an officer here has taken note of


class HeldField(Kept):
    """What somebody wrote into one field of their case file, and when they signed it."""

    text: str
    at: int


class HeldReferral(Kept):
    """Somebody unverified, with the device record as this desk saw it first."""

    alias: str
    record: bytes


class Message(Kept):
    """A message in the store, incoming, from a colleague, or our own."""

    id: int
    envelope: bytes
    sender: bytes
    party: str  # alias of the contact it was exchanged with, or a role code
    contact: bytes
    own: bool
    kind: str
    text: str
    status: str
    thread: bytes
    content_hash: bytes
    sent_at: int
    received_at: int
    read: bool = False
    gap: bool = False  # something before it never came
    late: bool = False  # it came after something sent later
    receipt: str = (
        ""  # incoming: who in the office has read it; own: "opened" when the contact's receipt came
    )
    about: bytes = b""  # notice id
    urgent: bool = False
    unverified: bool = False  # by, or to, somebody who came without a letter and was nobody's contact then
    attachment: bytes = b""  # what its message says of it, the key too
    handed: str = ""  # the colleague whose desk opened it and handed it over: theirs is the word for it


class Queued(Kept):
    """A sealed envelope that the relay has not accepted yet. Sending it again is harmless: same id, same bytes.

    Message and prekeys are kept so that it can be sealed anew after a long wait.
    """

    envelope: bytes
    data: bytes
    inner: bytes
    prekeys: list[bytes]
    expires: int
    urgency: int
    chain: str
    before: bytes  # the chain's last inner before this one, to step back when the relay refuses for good


class DueAttachment(Kept):
    """A photograph or voice note that the relay does not have whole yet; its message follows it."""

    contact: bytes
    attachment: bytes  # as its message will name it
    data: bytes
    expires: int
    urgency: int


class Offer(Kept):
    contact: bytes
    offer: bytes
    party: int
    alias: str
    standby: int = 0  # the class, 1 to 9, of who gets the next seat that is free; 0 is a seat of their own
    hold_until: int = 0  # how long their seats are held for an answer; 0 is as long as the notice says


class HeldNotice(Kept):
    """A draft or a sealed notice, one version of it."""

    notice: bytes
    place_key: bytes
    place: str
    author: bytes
    offers: list[Offer]
    manifest_parts: int = 0  # how many parts of the audience list are still to come
    approvals: list[bytes] = field(default_factory=list)
    state: str = "draft"
    release_at: int = 0
    envelope: bytes = b""
    opened: list[str] = field(default_factory=list)  # contacts whose receipt came
    gone: bool = False


class Person(Kept):
    """Who a contact is, in this desk's own address book; told to nobody."""

    name: str
    note: str


class HeldPartner(Kept):
    """Another office, pinned by its card: where its rosters were followed to. Its name is this desk's own."""

    office: bytes
    name: str
    pin: bytes
    roster: bytes
    pinned_at: int


class HeldMissive(Kept):
    """A message between offices, ours or theirs. `proof` and `commitment` are those of the envelope it came in."""

    id: int
    envelope: bytes
    missive: bytes
    proof: bytes
    commitment: bytes
    role_code: str
    received_at: int
    read: bool = False
    gap: bool = False  # something before it never came
    state: str = ""  # our own desk's: queued, accepted, failed
    origin: str = ""  # of an original passed on: "verified" or "not verifiable here"
    ends: int = 0  # of a manifest: when it is to be destroyed, with its rows
    hash: bytes = b""  # of the whole missive, once something was destroyed in it: chains go on from it


class DueMissive(Kept):
    """A message the relay has not accepted yet, for `office` (our own: the copy for colleagues).

    It is sealed when it is sent, always under the same envelope id.
    """

    envelope: bytes
    office: bytes
    missive: bytes
    query: str
    held: int  # the message's number
    ends: int = 0  # nobody may get it any more from then on


class HeldHandover(Kept):
    """A handover given to a colleague, or taken from one. What `due` and `moving` hold is still to do."""

    id: bytes
    given: bool
    officer: bytes  # the colleague: a role code may be another person's later
    role_code: str
    at: int
    parts: int
    contacts: list[bytes] = field(default_factory=list)
    messages: int = 0  # taken: those that were new here
    left_out: int = 0  # taken: of people who are no contacts of this office
    before: int = 0  # given: messages with a lower number went along
    due: list[bytes] = field(default_factory=list)  # given: parts that are not sealed yet
    moving: list[str] = field(default_factory=list)  # given: aliases whose assignment moves on
    came: list[int] = field(default_factory=list)  # taken: parts
    broken_off: bool = False  # given: the colleague left the roster before all of it was sent
    complete_at: int = 0  # taken: all parts were here; given: the colleague's desk said so
    answered: bool = False  # taken: the giver was told
    forgotten_at: int = 0  # given: this desk dropped what it handed over


class HeldManifest(Kept):
    """A manifest of this office that was proposed and has not gone out whole."""

    manifest: bytes  # with one officer's approval, then with two
    author: bytes  # the device that proposed it
    rows: list[bytes] = field(default_factory=list)  # one disclosure per person
    sending: bool = False  # this desk gave the second approval, and sends it
    due: list[bytes] = field(default_factory=list)  # rows that are not on their way yet
    called: str = ""  # what people read as the other office's name
    untold: list[bytes] = field(default_factory=list)  # contacts who have not been told yet


class State(Kept):
    """The whole desk. Everything here is sealed on disk."""

    relay: str
    office: bytes
    device: bytes
    registered: bool = False
    pin: bytes = b""
    roster: bytes = b""
    former: dict[str, bytes] = field(default_factory=dict)  # entries of removed devices
    prekeys: list[bytes] = field(default_factory=list)
    epochs: list[bytes] = field(default_factory=list)
    granted: dict[str, list[str]] = field(default_factory=dict)  # device -> epochs it was sent
    grants_due: bool = False  # this desk issued epochs that some colleague was not sent yet
    officer_sequences: dict[str, int] = field(default_factory=dict)
    letters: dict[str, HeldLetter] = field(default_factory=dict)
    card_counter: int = 0
    contacts: dict[str, HeldContact] = field(default_factory=dict)
    referrals: dict[str, HeldReferral] = field(default_factory=dict)
    chains: dict[str, bytes] = field(default_factory=dict)  # sender:thread -> last inner
    missing: dict[str, list[int]] = field(default_factory=dict)  # sender:thread -> counters never seen
    seen: dict[str, int] = field(default_factory=dict)  # envelope -> may be forgotten at
    refused: dict[str, str] = field(default_factory=dict)  # envelope -> why it was not opened
    messages: list[Message] = field(default_factory=list)
    next_message: int = 1
    outbox: list[Queued] = field(default_factory=list)
    attachments_due: list[DueAttachment] = field(default_factory=list)
    fetched: dict[str, list[bytes]] = field(
        default_factory=dict
    )  # attachment -> its first chunks, as long as some miss
    notices: dict[str, HeldNotice] = field(default_factory=dict)  # notice/version
    audit_seq: int = 0  # where the office's audit log stood when this desk last verified it
    audit_link: bytes = b""
    people: dict[str, Person] = field(default_factory=dict)  # contact -> who that is
    serving: str = ""  # the contact that `next` took
    shown: list[int] = field(default_factory=list)  # their messages that it showed
    predecessor: bytes = b""  # keys of the device this desk was restored from, until it stands in the roster
    partners: dict[str, HeldPartner] = field(default_factory=dict)  # office -> its pin
    missives: list[HeldMissive] = field(default_factory=list)
    next_missive: int = 1
    files: dict[str, dict[str, HeldField]] = field(default_factory=dict)  # contact -> field code
    missives_due: list[DueMissive] = field(default_factory=list)
    handovers: list[HeldHandover] = field(default_factory=list)
    manifests: dict[str, HeldManifest] = field(default_factory=dict)  # by id, until they are sent
    manifest_files: dict[str, int] = field(default_factory=dict)  # paths written here -> when they end
    invitation: str = ""  # the officer's invitation this desk was begun with, until it joins
    invited: dict[str, int] = field(default_factory=dict)  # invitations that were used here -> when they end
