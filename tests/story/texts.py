"""What the people of the story write and are called: none of it may stand anywhere in the relay."""

NOTE = "We hide above the blue bakery, two children"
REPLY = "Stay where you are. Write once a day."
TYPED = "my brother is Karim and we are in Kart-e Seh"
PLACE = "North gate of the old cement works"
BRING = "One bag each, water, medicine"
MESSAGE = "Come by the back road only"

ASKED = "A neighbour said that you help. We are three."
ANSWERED = "We have found you on the list of the hospital."
THANKED = "God keep you, we wait by the telephone"

WALKING = "We walk by night, along the river, all three"
BY_HAND = "Stay below. A woman in green will knock twice."

PASSED_ON = "Can you take six by land on Sunday?"
RETURNED = "You owe us an answer since spring!"

NAME = "Farida Nuristani, tazkira 4471-9"
ILLNESS = "Insulin, twice a day"
KIN = "Mina, nine, and little Omid"

NAMES = (
    "Zarmina Barakzai", "Fawad Noorzad", "Mursal Haidary", "Idris Popalzai",
    "Shukria Wardak", "Nasim Ghafari", "Laleh Sherzai", "Tamim Rasooli",
)  # fmt: skip

SECRETS = (
    NOTE, REPLY, TYPED, PLACE, BRING, MESSAGE, ASKED, ANSWERED, THANKED, PASSED_ON, RETURNED, WALKING, BY_HAND,
    NAME, ILLNESS, KIN, *NAMES,
)  # fmt: skip
