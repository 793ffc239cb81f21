# The phone app. Dates and numbers come in as finished text; plain numbers only choose a plural.

back = Back
next = Continue
close = Close
working = One moment …
cancel = Cancel

# Letter
letter-title = Your letter
letter-lead = An officer gave you a letter. It lets this phone reach your office.
letter-again = Was this app set up here before? Then the phone emptied its storage, as phones sometimes do. Ask your office for a new letter: what you sent, it has.
letter-never-chat = Never paste the letter into a chat, not even this one. Give it only to this page.
letter-scan = Scan the square code
letter-picture = Choose a picture of the code
letter-words = Type the twelve words
letter-text = Enter the letter’s text
letter-scan-hint = Hold the square code of your letter before the camera.
letter-camera-off = The camera cannot be used here. Choose a picture, or type the twelve words.
letter-no-code = There is no letter code in this picture. Try a sharper one, or type the twelve words.
letter-words-title = Twelve words
letter-words-hint = Type the words in the order of your letter, with a space between. The first four letters of each are enough.
letter-words-label = The twelve words
letter-text-title = The letter’s text
letter-text-hint = It begins with QASID1. Copy it from your letter, not from a chat.
letter-text-label = Text of the letter
letter-check = Check the letter
letter-wrong-text = This is not a whole letter. Check that nothing is missing at its beginning or end.
letter-wrong-words = These words do not fit together. Check each word and the order.
letter-not-valid = This letter cannot be used here: it may be used up, too old, mistyped, or for another office’s app. Ask your office for a new one.
letter-mismatch = This letter and the relay do not agree about the office. Do not go on. Tell your office.
letter-link-hint = You came by a link. It does not replace the letter: the words or the code are still needed.
letter-none = I have no letter

# Who
who-title = You are writing to
who-office = Your office
who-office-text = Only this office can read what you send. The people who run this service cannot, and Telegram cannot.
who-officers = Officers sign with these codes, never with names:
who-sign = The sign of the office, as on your letter
who-no-fee = Nobody may ask you for money. This service never costs anything.
number-title = Comparison number
number-text = An officer may ask you for this number over the telephone. If theirs is the same, nobody stands between you.
number-label = Twelve groups of five digits

# Consent
consent-title = Your permission
consent-lead = You decide, and you can change it at any time. Help does not depend on it.
consent-messages = Messages
consent-messages-text = I want to send and receive messages.
consent-messages-reader = Read by: the officers of your office who may read mail. Nobody else.
consent-departures = Departures
consent-departures-text = I want to be offered seats and to receive departure notices.
consent-departures-reader = Read by: the coordinators of your office. The service sees that there is an offer, not who you are.
consent-sponsor = A relative abroad
consent-sponsor-text = A relative abroad may see when you were last heard of.
consent-sponsor-reader = Seen by: whom your office gave a link for you. Only: within two days, within a week, longer ago, or not yet.
consent-needed = Without messages this app can do nothing. Turn it on, or close the app.

# PIN
pin-title = Choose a PIN
pin-text = It locks your messages on this phone. At least six digits. Write it nowhere.
pin-forget = It stops somebody in a hurry, not an expert who keeps the phone. Nobody can reset it: if you forget it, you have to begin anew.
pin-label = PIN
pin-again = The PIN once more
pin-weak = Choose at least six digits, not a row such as 123456 and not one digit repeated.
pin-different = The two are not the same. Try again.
pin-set = Lock with this PIN
pin-working = Locking … this takes a few seconds.
unlock-title = Locked
unlock-label = PIN
unlock = Open
unlock-wrong = This does not open. Try again; after wrong tries wait, 15 minutes at most. If you forgot it, ask your office for a new letter; erase only if nobody else uses this phone.
unlock-wait = Too many tries. Wait { $time } and try again.
unlock-keystore = The second key on this phone is gone, so the messages here cannot be opened. Ask your office for a new letter; erase only if nobody else uses this phone.
unlock-broken = What is kept on this phone cannot be opened. Ask your office for a new letter; erase only if nobody else uses this phone.
unlock-wipe = Erase everything
another-title = Another person here

# Wipe
wipe-title = Erase?
wipe-all = Everything that this app keeps on this phone goes at once, of everybody who uses it here, and cannot be brought back. To write again, each of them has to begin anew. The Telegram chat stays: delete it yourself.
wipe-hold = Press and hold to erase
wipe-holding = Keep holding …
wipe-done = Erased.
wipe-done-text = You may delete the chat in Telegram now.
wipe-owed = The relay will be told when there is a connection: open the app once more then.

# Faults
elsewhere-title = Open in another window
elsewhere-text = Qasid is open in another window of this phone. Close it there first.
broken-title = Something went wrong
broken-text = Nothing is lost. Close the app and open it again.
full-title = Nothing can be kept here
full-text = This phone is full, or does not let this page keep anything. What you did last may not be kept. Delete photographs or films, or leave the private window. Then close the app and open it again.
error-offline = There is no connection. Try again when there is one.
error-busy = Too many tries. Wait a little.
error-server = The service answered with an error. Try again later.

## Behind the lock

# Waiting
waiting-title = Almost done
waiting-lost = The letter did not work
waiting-text = Your office is now checking this phone. This can take hours. You may close the app.
waiting-network = There is no connection yet. This is sent as soon as there is one.
waiting-reopen = Close the app and open it again from the chat, then unlock it.
waiting-frozen = Another phone used the same letter. Your office has been told and will stop both. Contact your office by another way.
waiting-refused = The letter was not accepted: used up, too old, or withdrawn. Erase, and ask your office for a new one.

# Home
home-title = Qasid
home-next-renew = A permission of yours ends on { $date }. Renew it in one tap.
home-next-none = Nothing to do now. Stay where you are safe.
home-next-read = There is something new from your office.
home-next-answer = A notice waits for your answer.
home-next-confirmed = Your departure is confirmed. Read the notice now.
home-next-unconfirmed = A departure is being prepared. It is not confirmed. Stay put.
home-next-queue =
    { $count ->
        [one] One message waits for a connection. Nothing is lost.
       *[other] { $shown } messages wait for a connection. Nothing is lost.
    }
home-next-consent = Messages are switched off. Nothing can be sent or received.
home-next-warned = A warning called your departure off. Stay put.
home-next-void = Your departure notice is no longer valid. Do not go. Ask your office.
home-next-dropped = The service no longer knows this phone. Nothing reaches you here. Do not follow an old notice. Ask your office by another way.
home-next-ask = Your office asks you to decide something.
home-open = Read
home-notice = Latest notice
home-status = How are you?
home-messages = Messages
home-last-text = Your last message
home-new =
    { $count ->
        [one] { $shown } new
       *[other] { $shown } new
    }
home-refresh = Look for news
home-fresh = Looked at { $time }, Kabul time
home-offline = No connection. We keep trying.
home-casefile = About you and your family
home-later = This page is not on your phone yet. It comes by itself as soon as there is a connection.
home-help = Help
home-settings = Settings
home-lock = Lock

# Status
status-safe = I am safe
status-help = I need help
status-moving = I am moving
status-ready = Ready to travel
status-cannot = Cannot travel
status-send-title = Send to your office?
status-note = Add a few words (not needed)
status-note-hint = Do not write where exactly you are unless your office asks.
status-send = Send

# Thread
thread-title = Messages
thread-empty = No messages yet.
thread-write = Message
thread-send = Send
thread-too-long = This is too long. Send it in two parts.
thread-from = Office { $code }
thread-me = You
thread-gap = A message before this one did not arrive, or came later.
thread-rejected = One message did not pass the checks of this phone and was not opened. If you miss one, ask your office to send it again.
thread-timer = Messages disappear from this phone after this many days: { $days }
state-waiting = Waiting for a connection
state-handed = Sent to your office
state-fetched = Reached the office
state-opened = Opened by the office
state-failed = Not accepted. Send it again.

# Notice
notice-come = Departure
notice-change = Changed departure
notice-advisory = Information
notice-threat = Danger
notice-unconfirmed = Not confirmed — stay put
notice-unconfirmed-text = Prepare, but do not leave. Go only when this page says it is confirmed.
notice-confirmed = Confirmed
notice-confirmed-text = Confirmed at { $time }, Kabul time. Valid until { $until }.
notice-lapsed = No longer confirmed — stay put
notice-lapsed-text = The confirmation has run out. Do not leave. Ask your office.
notice-cancelled = Cancelled — do not go
notice-cancelled-text = Your office called this off. Stay where you are safe.
notice-replaced = Replaced by a newer notice
notice-replaced-text = Do not follow this one.
notice-warned = Called off by a warning — stay put
notice-warned-text = Your office warned of danger on this way. This departure counts no more. A new one will say so.
notice-void = No longer valid — do not go
notice-void-text = Changes may not have reached this phone. Stay where you are safe and ask your office.
notice-over = Over
notice-over-text = The time of this notice has passed.
notice-roster = Not confirmed — the office’s list has run out
notice-roster-text = Stay put until your office renews it.
notice-threat-text = Read this now. It comes before every other notice.
notice-advisory-text = This informs you. It does not tell you to move.
notice-answer = Answer
notice-window = Be there between
notice-window-value = { $from } and { $until }, Kabul time
notice-departs = Departure
notice-place = Place
notice-place-closed = Opens here when the departure is confirmed.
notice-anew = Changed shortly before. Can you still come?
notice-anew-text = Look at the new time, and answer before you go. The new place is shown once you said yes.
notice-place-none = No place is named.
notice-who = Who may come
notice-seats = Seats
notice-bring = Bring
notice-leave = Leave behind
notice-documents = Documents
notice-message = From your office
notice-route = Route
route-1 = By air
route-2 = By land to Pakistan
route-3 = By land to Uzbekistan
route-4 = By land to Tajikistan
notice-party =
    { $count ->
        [one] { $shown } seat for you
       *[other] { $shown } seats for you and those with you
    }
notice-case = Your case
notice-choice = The choice is yours. Saying no has no penalty, and you can be asked again.
notice-fee = No fee, ever. Whoever asks for money does not come from us.
notice-pass = This is not a pass. Do not show it and do not pass it on: it opens no gate.
notice-version = Notice { $notice }, version { $version }
notice-code = To ask whether this still counts: in the chat, /verify and this number; or read it to your office.
notice-checked = Signed by { $codes } and checked on this phone.

# Wipe, once one is in
wipe-mine = Erase what is mine
wipe-own = Your messages and keys on this phone go at once and cannot be brought back. What others may keep here stays. To write again you have to begin anew. The Telegram chat stays: delete it yourself.

# Stop
stop-title = Stopped to protect you
stop-text = The service showed this phone something about your office that does not fit what it knows. Somebody may be interfering. Nothing more is opened or sent.
stop-do = Do not follow any new instruction. Contact your office by another way, by telephone or in person.
stop-check = Check again
stop-still = It still does not fit.

## About the person

# Why it stopped
stop-reason-rollback = Reason: an older list of officers was shown.
stop-reason-fork = Reason: another list of officers was shown.
stop-reason-root = Reason: the office’s main key was changed without its promise.
stop-reason-card = Reason: the office’s card for this phone does not fit.

# Thread
thread-told = You told your office about yourself
thread-taken = You took back what you had told

# Answer to a notice
notice-answer-by = Answer before { $time }, { $date }
notice-answer-late = The time to answer has passed. Write to your office.
accept = I want to come
decline = I do not want to come
need-help = I need help to come
accept-effect = Your seats are kept. Stay put until this page says Confirmed. You can still change your mind.
accept-again-effect = You get your seats back only if nobody else has them by now; this page will tell you. Stay put until it says Confirmed.
decline-effect = Your seats go to whoever waits for one. There is no penalty, and you stay with your office. If you want them back later, they may be gone.
need-help-effect = Your seats stay kept, and an officer will write to you.
answer-confirm = Yes, send this answer
answer-was = Your answer: { $answer }
answer-change = Change my answer
answer-failed = Not taken: it came too late, or for an older notice, or your office has taken this offer back. Stay put and write to your office.
answer-failed-seats = Not taken: others have these seats by now, and your answer before this one stands. Stay put. Your office can ask you again; write to it.

# Ask
ask-title = Your office asks
ask-text = May your office pass on to “{ $office }” what you told about:
settings-sharing = Permissions to pass on
ask-decide = Decide
group-identity = Names and papers
group-family = Who travels with you
group-needs = Health and help on the way
group-risk = Why you are in danger
group-papers = Your travel paper
group-unknown = “{ $group }”

# Photograph or voice note
attach-title = Photograph or voice note
attach-lead = It is sealed on this phone, and only your office can open it. Where and when a picture was taken, and with what, is not sent along.
attach-camera = Take a photograph
attach-picture = Choose a picture
attach-voice = Record a voice note
attach-gallery = A picture may stay in the gallery of this phone. Delete it there if nobody should find it.
attach-too-large = This file is larger than 20 MB. Choose a smaller one.
attach-not-picture = This is not a picture that this phone can read. Choose another one.
attach-no-microphone = The microphone cannot be used here. Allow it in the settings of this phone, or write instead.
attach-no-recording = This phone cannot record a voice note here. Write instead, or send a photograph.
attach-no-room = This could not be kept: perhaps there is no room on this phone. Delete something else and try again.
attach-sharpness = Small or sharp
attach-sharpness-0 = Small: goes quickly on a weak connection
attach-sharpness-1 = Smaller
attach-sharpness-2 = Usual
attach-sharpness-3 = Sharp: for small print
attach-size = { $size } KB
attach-photograph = Photograph, { $size }
attach-note = Voice note, { $time }
attach-recording = Speak now
attach-left = { $time } left
attach-stop = Stop
attach-discard = Discard
attach-show = Show
attach-play = Play
attach-parts = { $done } of { $all } parts
attach-again = Try again
attach-broke = The connection broke. Nothing is lost: try again, and it goes on where it stopped.
attach-unknown = It is no longer there. Ask your office to send it again.
attach-refused = It did not pass the checks of this phone and is not shown.
attach-quota = Too many photographs and voice notes wait for your office. Try again when it has fetched some, or send a smaller one.
attach-many = No more photographs and voice notes can be sent today. Try again tomorrow, or write.

# Help
help-title = Help
help-safe = What this app protects
help-safe-text = Your messages are sealed on this phone. Only your office can open them. The people who run the service and Telegram cannot.
help-limits = What it cannot hide
help-limits-text = Whoever holds your phone sees the Telegram chat. The PIN keeps what is written here from somebody in a hurry, not from an expert who keeps the phone: erase it in time. Somebody can see that you use the app, and when.
help-search = If your phone may be searched
help-search-text = Lock the app, or erase it. Erasing takes three seconds and also removes you at the relay.
help-fee = Money and passes
help-fee-text = There is no fee, ever, and no pass. Never follow a notice that is not confirmed on this page.
help-silence = If you hear nothing
help-silence-text = No news is no answer. Without news, stay put.
help-shared = The bot
help-shared-text = A bot cannot prove itself. Compare its name with the one on your letter: { $bot }
help-bundle = The number of this app
help-bundle-text = Your office can compare it with the number that was published. A false app could show a false number, so the office also checks from outside.
help-bundle-differs = Some parts of this app do not belong together. Close it and open it again. If this stays, tell your office by another way.
help-traffic = What the app used of your network
help-traffic-text = Since it was opened: about { $down } kB received and { $up } kB sent.

# Settings
settings-title = Settings
settings-language = Language
settings-consent = Your permissions
settings-ends = You gave this nearly a year ago. It ends on { $solar } ({ $gregorian }).
settings-ended = This ended on { $solar } ({ $gregorian }), a year after you gave it. Nothing comes any more.
settings-renew = Renew for a year
permit-given = Permitted on { $solar } ({ $gregorian })
permit-withdrawn = Taken back on { $solar } ({ $gregorian })
settings-withdraw = Withdraw “{ $purpose }”?
settings-withdraw-text = It takes effect at once. What waits for you is destroyed, and a departure notice on this phone is no longer valid.
settings-withdraw-sponsor = It takes effect at once. Your relative is not told why.
settings-withdraw-yes = Yes, withdraw
settings-pause = Silence
settings-pause-text = No Telegram messages. Your office can still write; you see it when you open the app.
settings-ten = Erase after ten wrong PINs
settings-ten-text = Ten wrong PINs in a row, by anybody, erase what is yours on this phone. It cannot be brought back: then you need a new letter.
settings-days = How long messages stay on this phone
settings-day = { $days } { $count ->
        [one] day
       *[other] days
    }
settings-days-text = Counted from when you read them; what you wrote, from when you wrote it. Then they are erased. Departure notices stay for four weeks.
holdings-title = What the service holds about you

# Another person
another-own = Each has their own letter, PIN, keys and permissions, and opens nothing of another’s. The app shows nobody who uses it here.
another-bell = A message in the Telegram chat cannot say for whom it is. Each looks, with their own PIN.
another-waiting = What you wrote and has not been sent yet waits until you open again. Others do not send it.
another-erase = Behind your PIN, you erase what is yours. Before the PIN, everything of everybody.
another-begin = I have a letter of my own
pin-tail = End your PIN with { $tail }, after at least six digits of your own. So no two people here have the same.
pin-tail-missing = End the PIN with { $tail }.

# A page
page-title = A page for when the address is blocked
page-what = A page in one file. It opens your office’s letters without this address: you carry them by hand between it and the bot’s chat.
page-officers = It is a second device of yours. Two officers of your office have to agree to it.
page-risk = Whoever has its file and the file’s PIN reads what is sent to you and writes as you. Make it only where you can keep a file safe.
page-make = Ask for a page
page-most = You have as many devices as there may be. Remove one first, and tell your office.
page-asking = The request has not been handed over yet.
page-waiting = Two officers have to agree. Until then it gets nothing. Look again later.
page-look = Look again
page-ready = Your office agrees. Now the file can be made.
page-pin-text = Choose a PIN for the file, another than this phone’s. Whoever has the file can try without end: eight digits hold up somebody in a hurry, nobody with a laboratory. Words are better.
page-pin = PIN of the file
page-pin-weak = Take at least eight, and no row such as 12345678.
page-seal = Make the file
page-file = Save { $name }, and get the page itself from the bot: /offline
page-save = Save the file
page-copy-text = If nothing was saved: copy the text and put it into the page.
page-copy = Copy the text
page-copied = Copied
page-forget = When you have opened it in the page once, this phone forgets the keys in it. It cannot make the same file again.
page-given = It opened: forget the keys here
page-devices = Your devices
page-this = This phone
page-one = A page, asked for on { $solar } ({ $gregorian })
page-refused = A page asked for on { $solar } ({ $gregorian }), which your office did not take
page-until = Letters reach it until { $solar } ({ $gregorian }). Make a new one in time.
page-remove = Remove
page-remove-text = Nothing more is sent to it. What it has opened stays in its file. If somebody took it, tell your office as well.
page-remove-yes = Yes, remove it

# Case file
casefile-lead = Tell only what you want: every field may stay empty, and what you do not change stays as it is. Help does not depend on it.
casefile-kept = This phone does not keep what you write here once it is sent. Then it shows only what you told, and when.
casefile-reader = Read by: the officers of your office who may read mail. Nobody else unless you permit it.
casefile-others = You permitted to pass this on to: { $offices }
casefile-told = Told on { $solar } ({ $gregorian })
casefile-anew = Write it anew
casefile-take = Take it back
casefile-taking = Taken back when you send. Your office is told to erase it.
casefile-leave = Leave it
casefile-too-long = This is too long. Make it shorter.
casefile-send = Send to your office
field-identity-name = Your name, as on your papers
why-identity-name = So that your seat and your papers carry the right name.
field-identity-documents = Papers you have
why-identity-documents = So that the office knows which papers are missing. Kind and country are enough; no numbers.
field-family-members = The people with you
why-family-members = So that nobody is left behind: how they belong to you, and how old they are.
field-needs-health = Health
why-needs-health = So that medicine and a doctor are there: illness, medicine, pregnancy.
field-needs-help = Help on the way
why-needs-help = So that somebody is there who helps with walking, small children or language.
field-risk-grounds = Your reasons
why-risk-grounds = So that the office can show why you must not wait. Name nobody else.
field-papers-kind = Kind of paper: passport or card
field-papers-issuer = Country that issued it, in three letters (AFG)
field-papers-surname = Surname
field-papers-given = Given names
field-papers-number = Number of the paper
field-papers-nationality = Nationality, in three letters (AFG)
field-papers-birth = Born, as in 1988-03-14
field-papers-sex = Sex on the paper: F, M or X
field-papers-expiry = Valid until, as in 2031-03-14
why-papers = Your office asked for this, for a list of travellers. Write it in Latin letters, as it is printed there. You may leave it empty.

# Passing on
decide-closing = If you close this page, nothing is permitted. Under Settings you can change it at any time.
decide-yes = Permit what is on
decide-no = Permit nothing
sharing-lead = What you tell your office stays there, but for what you permit here. A permission ends after a year. Help does not depend on it.
sharing-none = Your office has not asked to pass anything on.
sharing-text = Your office may pass this on to “{ $office }”.
sharing-reader = Read by: the officers of “{ $office }” who may read mail. When you withdraw this, they must destroy it.
sharing-withdraw = What “{ $office }” has not fetched yet is destroyed now. It is told to destroy what it has, and must confirm that. A copy that it printed cannot be called back.
sharing-held = What was passed on, and whether it was destroyed, stands here:

# Children
children-title = Children in my care
children-lead = You speak for each child in your care, and the child has a say. Your office tells another one about who travels with you only when you agree for every child and no child says no. Help does not depend on it.
children-none = Your office has noted no child in your care. If there is one, write to your office.
children-missing = Your office can pass on who travels with you only when you have said it for each child in your care.
child-name = Child { $child }
child-number = Number { $member } of your household at the office
child-stands-agreed = You agreed, and so did the child.
child-stands-small = You agreed. The child is too small to be asked.
child-stands-declined = You or the child said no. Your office passes on nothing about who travels with you.
child-stands-none = Nothing is said yet.
child-until = It ends on { $solar } ({ $gregorian }).
child-you = May your office tell another one about this child?
child-you-yes = Yes, I agree
child-you-no = No
child-says = Ask the child. What does the child say?
child-says-yes = The child agrees
child-says-no = The child does not agree
child-says-small = Too small to be asked
child-no = A no takes effect at once: what was passed on about who travels with you must be destroyed there.
child-send = Sign and send

# Holdings
holdings-intro = Your letters pass through the service sealed. It has no name, no document, no place and no text of yours. This is all it holds:
holdings-again = Ask again
holdings-alias = { $alias }: what your office calls you here, since { $solar } ({ $gregorian })
holdings-heard = When you last wrote: { $solar } ({ $gregorian })
holdings-phones = Phones that open your letters, as public keys: { $phones }
holdings-telegram = Your Telegram account, encrypted, so that it can ring you
holdings-no-telegram = No Telegram account
holdings-bell = The language in which the bot writes to you, and whether it may
holdings-consents = What you permitted or took back, signed by your phone: { $consents }
holdings-passed-standing = Passed on to “{ $office }” on { $solar } ({ $gregorian }): { $fields }
holdings-passed-withdrawn = Passed on to “{ $office }” on { $solar } ({ $gregorian }): { $fields } — not confirmed destroyed yet
holdings-passed-acknowledged = Passed on to “{ $office }” on { $solar } ({ $gregorian }): { $fields } — confirmed destroyed
holdings-letters = Sealed letters: { $incoming } for you, { $outgoing } from you
holdings-attachments = Sealed photographs and voice notes, for you and from you: { $attachments } ({ $size } kB)
holdings-seats = Seats you were offered: { $seats }. Answers you gave: { $answers }
holdings-attempts = How often an officer tried to reach you: { $attempts }
holdings-assents = What you said for children in your care, signed by your phone: { $assents }
holdings-sponsors = Relatives who may ask when you were last heard of, if you permit it: { $sponsors }
holdings-logged = Lines of your office’s log about you: { $logged }. They stay when all else is gone, without your code
holdings-household = Your household: { $people } people as numbers, checked by officers { $checks } times
holdings-fact = { $fact }: { $answer }
fact-requested = Asked for help
fact-identified = Identified
fact-ready = Ready
fact-documents = Has documents
fact-offered = Was offered a seat
fact-answer-yes = yes
fact-answer-no = no
intent-wants = Wants to leave
intent-unsure = Is unsure
intent-no = Does not want to leave
wants-mobility = Needs help with walking
wants-medical = Needs medical help
wants-infant = Has an infant
wants-interpreter = Needs an interpreter
wants-escort = Needs an escort

## Without a letter

# Arriving
stranger-title = Without a letter
stranger-lead = Some offices also take people who have no letter. You choose one and write to it. It takes longer than with a letter.
stranger-unknown = The office does not know you yet, and you do not know it yet.
stranger-between = Until you compare a number with the office by voice, somebody could stand between you and read or change everything. Write nothing yet that only the right person may know.
stranger-look = Nobody rings you. Open this app now and then to see whether there is an answer.
stranger-offices = Show the offices
stranger-mismatch = What the service shows of this office does not fit together. Do not go on. Ask the office by another way.
offices-title = Offices
offices-lead = These offices take people without a letter. They chose these names themselves; this app cannot check them yet.
offices-none = No office takes people without a letter now. Look again in a few days, or ask an office for a letter by another way.
rules-title = Writing to { $code }
rule-account = Your Telegram account is noted, encrypted, so that nobody can ask a thousand times. The office does not see it.
rule-letters = You may send twenty short letters: words, or how you are.
rule-days = When two officers have not confirmed you after thirty days, everything is deleted.
rule-refused = The office may also say no. It tells you why.
rule-rung = There are no departures and no messages in the chat until you are confirmed.
rules-reader = Read by: the officers of the office you chose, if nobody stands between you.
rules-consent = Nothing else is asked now. You can take this back at any time by erasing.

# Unverified
unverified-mark = Not verified: neither you nor the office
unverified-title = { $code }, not verified
unverified-waits = The office has your request. Compare the number with it by telephone or in person.
unverified-vouched = Two officers have confirmed this phone. Compare the number now: then everything opens.
unverified-same = The number was the same. Now two officers have to confirm this phone. This can take days.
unverified-compare = Compare the number
unverified-until = All this is deleted on { $solar } ({ $gregorian }) if nobody confirms it until then.
unverified-full = You have sent as much as the office takes before it has confirmed you. Wait for it, and look in here.
unverified-again = Try again
unverified-anew = Erase, and begin anew
fault-account = Without a letter, this takes a Telegram account. Close this page and open the app from Telegram, by the button in the bot’s chat.
fault-reopen = Close the app and open it again from the chat, then unlock it.
fault-closed = This office no longer takes people without a letter. Erase, and choose another one.
fault-taken = The service cannot take this phone as it is. Erase, and begin anew.
fault-full = Too many people wait at this office at the moment. Nothing is lost: try again tomorrow.
fault-many = Three people of this Telegram account already wait. Wait until the office has answered one of them.
fault-busy = Too many tries. Wait an hour and try again.
fault-server = The service answered with an error. It is tried again by itself.
end-title = This goes no further
end-unknown = The office does not know you and cannot take you. You may ask another one, or ask somebody for a letter.
end-duplicate = The office has you among its contacts already. Use the phone you have with it, or ask it for a new letter.
end-mismatch = The number you read to the office was another than the one it sees. Somebody may stand between you. Do not write here; ask the office by another way.
end-elsewhere = Another office is the right one for you. Begin anew and choose that one.
end-abuse = The office will not answer here. If that is a mistake, tell it by another way.
end-over = The service has nothing of you any more: nobody confirmed you in time, or it was erased. You may begin anew.

# Comparing
compare-call = Call the office, or go there: by a number or address that you know from elsewhere, never by one that was written to you here.
compare-read = Read your number aloud. The officer looks whether it is the same.
compare-hear = Then the officer reads you theirs. Look yourself whether it is the same.
compare-why = If both are the same, nobody stands between you and this office.
compare-done = You said that they were the same.
compare-same = They were the same
compare-different = They were not the same
different-text = The numbers were not the same. Somebody may stand between you and the office, the service itself perhaps. Nothing more is sent or opened here.
different-do = Believe nothing that was written here. Tell the office by telephone or in person, and ask it for a letter. Then erase everything on this phone.
verified-title = Confirmed
verified-text = Two officers have confirmed this phone, and the number was the same. You and your office now know each other.
