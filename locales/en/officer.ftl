# The officers' page: a further device of an officer's. It speaks the app's words on the way in too; where both have
# a message, this one is said.

pin-text = It locks this page’s keys on your phone. At least six digits. Write it nowhere.
pin-forget = Nobody can reset it. If you forget it: erase, and let this phone be added anew.

# Becoming a device
device-begin-title = For officers
device-begin-text = This phone can become a further device of yours, which confirms what is proposed in the chat and can do nothing else: it reads no messages, and its signature counts for no letter, key or notice.
device-begin-safe = Not an officer of a Qasid office? Then this page is not for you: close it.
device-begin-label = What “qasid-desk device show” prints at your desk
device-begin-wrong = The office id (43 characters) or the officer id (22) is missing. Copy the whole of what your desk prints.
device-join-title = Add this phone
device-request-title = 1. Your request
device-request-text = Give it to the holder of the office root, by any way. At their desk they run this with it:
device-copy = Copy the request
device-copied = Copied
device-number-text = Read this number to the holder of the root, by another way than the request went. They add the phone only when theirs is the same.
device-answer-title = 2. Their answer
device-answer-label = The version and hash they tell you
device-join-wrong = This is no version with its hash, such as 7:hV3…kQ. Copy it just as “roster add” printed it.
device-join = Join
device-stopped = What the relay shows does not follow from what was named. Do not go on. Call the holder of the office root.
device-not-added = The roster does not hold this phone. Ask the holder of the root whether it was added, and as which version.

# Locked
device-locked = Behind the PIN: this phone’s keys as your device. Nothing else is kept here.
unlock-wrong = This PIN is not right. Try again. If you forgot it: erase, and let this phone be added anew.
unlock-keystore = The keys here cannot be opened. Erase, and let this phone be added anew.
unlock-broken = The keys here cannot be opened. Erase, and let this phone be added anew.

# Gone
device-gone-title = Not a device of the office any more
device-gone-text = The office took this phone off, its time is over, or the relay does not know it. It can confirm nothing.
device-gone-erase = Erase its keys here: they are of no use any more.
device-erase = Erase this phone’s keys
device-erase-text = The keys of this page go at once and cannot be brought back. Your desk stays as it is. Tell the holder of the root, so that this device is taken off.
device-erased = The keys are erased
device-erased-text = You may close the page.

# What waits
wishes-title = To be confirmed
wishes-device = This phone confirms for { $role }, and does nothing else.
wishes-none = Nothing waits.
wishes-again = Look again
wish-by = Proposed by { $role }, { $age } ago
wish-minutes = { $count } min
wish-hours = { $count } h

# One of them
wish-fact = { $subject }: { $fact } – { $answer }
wish-estimated = { $answer }, estimated
wish-intent = { $subject }: leaving – { $intent }
wish-vet = { $subject }: vouch for the household
wish-assign = { $subject }: { $role } is to look after them
wish-offboard = { $subject } is to be taken off
wish-invite = A new letter
wish-strange = Something this page does not know
wish-fact-effect = It is noted in the record of { $subject }, as of when it was proposed, and under your role code.
wish-intent-effect = It is noted in the record of { $subject } as what the household wants, under your role code.
wish-vet-effect = You say under your role code that { $subject } are who they say they are. It takes two different officers.
wish-assign-effect = From now on that officer looks after { $subject }, in place of anybody before. Nothing is sent to them.
wish-offboard-effect = At your desk: a roster without them, which the office root signs. Nothing can be confirmed here.
wish-invite-effect = At your desk: it makes the letter, and keeps its secret. Nothing can be confirmed here.
wish-strange-effect = At your desk: it may know more. Here it can only be turned down.
wish-condition = { $subject }: { $condition } – { $state } ({ $grade }){ $holds }
wish-status = { $subject }: { $status } ({ $grade }){ $holds }
wish-holds = , for { $count } h
wish-condition-effect = It is noted for { $subject }, as of when it was proposed, under your role code. Once all is green, what waits goes out.
wish-status-effect = Every office of this relay sees it on the board, without your name or code. It can let notices out or hold them back.
wish-condition-security = security
wish-condition-airport = airport
wish-condition-crossing = crossing
wish-condition-permit = permit
wish-condition-carrier = carrier
wish-condition-reception = reception
wish-condition-medical = medical
wish-condition-weather = weather
wish-state-green = green
wish-state-red = red
wish-grade-official = official
wish-grade-partner = partner
wish-grade-media = media
wish-grade-rumour = rumour
wish-status-discussion = under discussion
wish-status-technical = technical only
wish-status-limited = limited
wish-status-open = open
wish-status-closed = closed
wish-step-open = { $subject }: open, its seats may be offered
wish-step-call = { $subject }: people were called forward
wish-step-depart = { $subject }: it has left
wish-step-arrive = { $subject }: it has arrived
wish-step-effect = It is noted for { $subject }, under your role code. Once it has left, no seat of it is offered or accepted any more.
wish-outcome = { $subject } on { $code }: { $outcome }
wish-outcome-boarded = boarded
wish-outcome-no-show = did not come
wish-outcome-not-lifted = came, was not taken along
wish-outcome-effect = It is recorded of the whole party of { $subject }, for good. Who did not come is looked after; who was not taken along is first for the next seats.
wish-offer = { $subject }: a seat on { $code }
wish-offer-effect = At your desk: it writes the notice to { $subject } and seals it. Nothing can be confirmed here.
wish-lend = { $subject }: lend { $count } seats
wish-lend-effect = At your desk: it says to whom and until when, and signs. Nothing can be confirmed here.
wish-cancel = { $subject } is to be called off
wish-cancel-effect = At your desk: it signs the cancellation, so that phones believe it. Nothing can be confirmed here.
wish-threat = Warning { $subject } is to go out
wish-threat-effect = At your desk: it seals the warning that was prepared. Nothing can be confirmed here.
wish-reason = What do you rely on?
wish-reason-papers = Papers I have seen
wish-reason-voice = A voice I know
wish-reason-interview = An interview
wish-reason-partner = A partner’s word
wish-reason-witness = A witness
wish-confirm = Confirm
wish-reject = Turn down
wish-confirm-sure = Yes, confirm it as me
wish-reject-sure = Yes, turn it down
wish-confirm-done = Confirmed: { $wish }
wish-reject-done = Turned down: { $wish }
wish-fact-requested = asked for help
wish-fact-identified = identified
wish-fact-ready = ready
wish-fact-documents = has documents
wish-fact-offered = was offered a seat
wish-answer-yes = yes
wish-answer-no = no
wish-answer-unknown = not known
wish-intent-wants = wants to
wish-intent-unsure = unsure
wish-intent-no = does not want to

# What the relay refuses
refused-over = A colleague has decided on it already, or it has expired. Nothing was changed by you.
refused-role = Your role does not decide on this, or no desk of yours stands in the roster. Ask a coordinator.
refused-desk = This is signed at a desk: decide on it there. Nothing was changed.
refused-reason = Say what you rely on first.
refused-same-officer = You vouched for this household yourself: the second officer has to be another one. Ask a colleague.
refused-step = The household’s verification has moved on meanwhile: there is nothing to confirm. Turn it down.
refused-closed = That record is closed or gone. Turn the proposal down.
refused-officer = That officer cannot look after anybody here any more. Turn the proposal down.
