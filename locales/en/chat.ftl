# What the bot says in the chat. The chat stays visible on the phone: nothing here may tell what Qasid is for.
# One fact per line. Codes and numbers stand on lines of their own.

welcome =
    🔒 Do not write in this chat.
    📱 Tap Open. Read and write there.
    ✉️ Keep your letter. The app asks for it.
welcome-letter =
    ✉️ You have a letter.
    📱 Tap Open. The app asks for your letter.
    🔒 Do not write in this chat.
doorbell =
    ✉️ There is something for you.
    📱 Open to read.
typed =
    🚫 Please do not write here.
    🗑 What you wrote is deleted.
    🔒 It was not kept.
    📱 Tap Open. Write there.
help =
    📱 Open: read and write safely.
    🔐 My permissions: see and change them in the app.
    🌐 Language: choose yours.
    🔎 Right bot? How to find out.
    🔔 Signals: on or off.
    🛑 Stop: quiet, withdraw or erase.
    🔒 Do not write in this chat.
code-current =
    ✅ This notice counts as it is.
    🤚 Your phone still says when to go. Until then: stay put.
code-replaced =
    🔁 A newer notice took the place of this one.
    📱 Open the app and read the newer one.
    🤚 Do not go by the old one.
code-cancelled =
    🛑 This notice was called off.
    🤚 Do not go.
code-unknown =
    ❓ No notice with this number counts now.
    🤚 Do not go by it. Ask your office.
code-often =
    ⏳ You asked very often. Ask again in an hour.
    🤚 Until you know: stay put.
verify =
    ⚠️ A bot cannot prove that it is real.
    📄 Take your letter.
    👀 Your letter shows one name. This bot has this name:
    { $bot }
    ✅ Same name, sign by sign: go on.
    ❌ Another name: close this chat. Ask the people who gave you the letter.
    💰 Nobody may ask you for money.
language-question = 🌐 Choose your language.
language-set = ✅ English
stop-question =
    🛑 What do you want?
    🔕 No signals: I stay quiet. The app still works.
    ✋ Withdraw: nothing more is sent to you.
    🗑 Erase: everything about you is removed.
stop-silence =
    🔕 I am quiet now.
    📱 The app still works.
stop-withdraw =
    🔕 I am quiet now.
    ✋ One more step: open the app and tap Withdraw.
    🔑 Only your own phone can do it.
    📞 Phone lost? Tell the people who gave you the letter.
stop-erase =
    🔕 I am quiet now.
    🗑 One more step: open the app and tap Erase.
    🔑 Only your own phone can do it.
    📞 Phone lost? Tell the people who gave you the letter.
signals-on =
    🔔 Signals are on again.
relative-linked =
    ✅ Done. This link has the number:
    { $number }
    👂 Ask here for news:
    /relative
    🔒 Do not write anything else in this chat.
relative-none = 👂 Nothing may be shown.
relative-news = 👂 Last heard of:
relative-recent =
    { $number }
    🕰 Within two days
relative-week =
    { $number }
    🕰 Within a week
relative-longer =
    { $number }
    🕰 Longer ago
relative-never =
    { $number }
    🕰 Not yet
armour-taken =
    ✅ It is taken. It is on its way.
    🗑 Your message leaves this chat.
armour-received =
    ✅ It has come.
    🗑 Your message leaves this chat.
armour-letters =
    ✉️ These are your letters. They are sealed.
    📋 Copy each into your page and read it there.
    🗑 They leave this chat in an hour.
armour-more =
    ✉️ These are your letters. They are sealed.
    📋 Copy each into your page and read it there.
    ➕ There are more. Send what the page then gives you.
    🗑 They leave this chat in an hour.
armour-none =
    📭 Nothing waits for you now.
armour-part =
    🧩 A part of it has come, not all.
    📨 Send the rest now.
    📄 Or send all of it again, as a file.
armour-damaged =
    🧩 This is not whole. It was not taken.
    📄 Send it again, as a file.
armour-late =
    🕰 This is too old, or was used before. It was not taken.
    ⌚ Look whether your phone shows the right day and hour.
    🔁 Make a new one in your page and send it.
armour-refused =
    ❌ This was not taken.
    📱 Tap Open when you can. The app says why.
armour-yours =
    ✉️ This is a letter for you. Nothing was sent.
    📋 Copy it into your page and read it there.
armour-often =
    ⏳ You asked very often. Ask again in an hour.
offline-page =
    📄 Save this file. Then open it. It works without a network.
    🔎 Its number, to compare:
    { $hash }
    🗑 It leaves this chat in an hour.
offline-none =
    📄 There is no such page here.
    📱 Tap Open. Read and write there.

button-open = 📱 Open
button-help = ❓ Help
button-permissions = 🔐 My permissions
button-language = 🌐 Language
button-verify = 🔎 Right bot?
button-stop = 🛑 Stop
button-english = English
button-dari = دری
button-pashto = پښتو
button-silence = 🔕 No signals
button-withdraw = ✋ Withdraw
button-erase = 🗑 Erase
button-signals = 🔔 Signals on
button-relative = 👂 Ask for news

# For the menu of commands
command-start = Begin
command-language = Language
command-help = Help
command-verify = Is this the right bot?
command-stop = Stop
command-offline = When Open does not work

# For officers whose account is bound; these answers delete themselves.
officer-bound =
    🪪 This account is linked to:
    { $role }
    ⌨️ /whoami /queue /case /household /fact /intent /vet /assign /invite /offboard /duty /notreached /consents /report /departures /departure /quota /board /standby /notices /approve /offer /lend /cancel /threat /outcome /conditions /airport /threads /office /staff /audit
    🔒 Codes only. No names, no places, no free text.
officer-whoami =
    🪪 You are:
    { $role }
    👔 Duties:
    { $duties }
officer-queue =
    📥 Messages no desk has fetched:
    { $unread }
    ⏳ The oldest waits:
    { $age }
    👤 Enrolments to check:
    { $enrolments }
    📱 New phones of known contacts to check:
    { $phones }
    ⚠️ Frozen enrolments:
    { $frozen }
    📝 Proposals to confirm:
    { $proposals }
officer-daily =
    🌅 This morning
    📥 Messages no desk has fetched: { $unread }
    ⏰ Answers overdue: { $overdue }
    👤 Enrolments to check: { $enrolments }
    📝 Proposals to confirm: { $proposals }
    ⚠️ Notices held back: { $withheld }
    🔁 Notices to seal again: { $stale }
    🧭 Departures within two days: { $departures }
    🛑 Of these not clear: { $lacking }
officer-threads =
    🏛 Offices that we write to and that write to us:
    { $partners }
    📥 Their messages no desk has fetched:
    { $unread }
    🤝 To be passed on by us:
    { $mediate }
    ✋ Held by us:
    { $held }
    ⏳ Ours, waiting at a mediator:
    { $asked }
    ✅ Ours, passed on:
    { $passed }
    ↩️ Ours, returned:
    { $returned }
officer-waiting = { $count } · { $age }
officer-case =
    📁 { $alias }
    📌 State: { $state }
    🗓 Known for: { $since }
    👂 Last heard, ago: { $heard }
    ✉️ Messages allowed: { $messages }
    🧭 Departures allowed: { $departures }
    🔕 Signals off: { $paused }
    📥 Unread: { $unread }
    ⏳ Oldest unread: { $age }
    👔 Looked after by: { $role }
officer-offer =
    🏷 { $code }
    📌 { $state }
officer-not-allowed =
    🚫 Your role does not allow this.
officer-see-desk =
    🚫 Not now. See your desk.
officer-case-unknown =
    📁 No such code here.
officer-invite =
    📝 Proposal noted:
    { $proposal }
    💻 Confirm it on your desk:
    qasid-desk confirm
    🔒 The letter is made there. No secret stands in this chat.
officer-departures = 🧭 Departures: { $count }
officer-departure =
    🏷 { $code }
    📌 State: { $state }
    💺 Seats: { $seats }
    ✋ Held: { $held }
    ✅ Confirmed: { $confirmed }
officer-departures-withheld =
    ⚠️ Notices not sent: { $count }
    💻 See your desk:
    qasid-desk notice list
officer-movement =
    🧭 { $code }
    📌 State: { $state }
    🛣 Route: { $route }
    🕰 { $kabul }
    🌐 UTC: { $utc }
    🏛 Whose: { $own }
    💺 Seats: { $seats }
    🤝 Lent: { $lent }
    ✋ Held: { $held }
    ✅ Confirmed: { $confirmed }
    🎫 Boarded: { $boarded }
    ⏳ Waiting for a seat: { $waiting }
    ✉️ Notices: { $released } out · { $scheduled } to go out · { $withheld } held back
    { $go }
officer-quota = 💺 Seats by office: { $code }
officer-quota-office =
    🏛 { $office }
    💺 Seats: { $seats }
    ✋ Held: { $held }
    ✅ Confirmed: { $confirmed }
    🆓 Left: { $left }
officer-board = 🎫 Who is to go, and who went: { $code }
officer-board-own =
    🏛 { $office }
    💺 Planned: { $planned }
    ✋ Held: { $held }
    ✅ Accepted: { $accepted }
    🎫 Boarded: { $boarded }
    🚫 Did not come: { $missed }
    ⚠️ Not taken along: { $left }
officer-board-guest =
    🏛 { $office }
    💺 Planned: { $planned }
    ✋ Held: { $held }
    ✅ Accepted: { $accepted }
officer-standby =
    🧭 { $code }
    ⏳ Waiting for a seat, in the order of calling: { $count }
officer-standing-by =
    🔢 Place: { $place }
    📁 { $alias }
    🏷 Class: { $rank }
    ⏳ Waits for: { $age }
    👥 Party: { $party }
    ✉️ Notice: { $state }
officer-notices = ✉️ Notices: { $count }
officer-notices-stale =
    🔁 To be sealed again: { $notices }
    📱 Copies that could not be opened: { $copies }
    💻 See your desk:
    qasid-desk notice list
officer-notice =
    🔢 { $number }
    ✉️ { $kind }, version { $version }
    🧭 { $code }
    📌 State: { $state }
    👥 For: { $recipients }
    📥 Arrived at: { $fetched }
    💬 Yes: { $accepted } · no: { $declined } · help: { $help }
officer-notice-scheduled =
    🔢 { $number }
    ✉️ { $kind }, version { $version }
    🧭 { $code }
    📌 State: { $state }
    👥 For: { $recipients }
    ⏳ Goes out in: { $left }
officer-notice-withheld =
    🔢 { $number }
    ✉️ { $kind }, version { $version }
    🧭 { $code }
    📌 State: { $state }
    👥 For: { $recipients }
    ⚠️ Why: { $why }
officer-approve =
    🖋 Approved by somebody, not sealed yet: { $count }
    💻 Read it and approve it on your desk:
    qasid-desk notice list
    🔒 Nothing is approved in this chat.
officer-prepared =
    🔢 { $number }
    👔 Approved by: { $role }
    🕰 Last approval, ago: { $age }
officer-to-sign =
    📝 Proposal noted:
    { $proposal }
    💻 Confirm it on your desk, then sign it there:
    qasid-desk confirm
    🔒 Nothing has changed yet.
officer-asks-cancel =
    ✋ A colleague asks to call this off:
    { $subject }
    👔 Proposed by: { $role }
    💻 Confirm it on your desk, then sign it there:
    qasid-desk confirm
officer-asks-threat =
    ⚠️ A colleague asks to send this warning:
    { $subject }
    👔 Proposed by: { $role }
    💻 Confirm it on your desk, then sign it there:
    qasid-desk confirm
officer-asks-review =
    ⚠️ A warning is out that one officer alone signed:
    🔢 { $number }
    💻 Read it on your desk, and say whether you stand by it:
    qasid-desk notice review { $number }
officer-movement-unknown =
    🧭 No such code here.
officer-movement-off =
    🛑 Called off by its office, and you have seats on it:
    🧭 { $code }
    ✉️ Your notices that are out or to go out: { $notices }
    💻 Call them off on your desk, so that people hear of it:
    qasid-desk notice list
officer-conditions =
    🧭 { $code }
    { $go }
    🛣 Route: { $route }
officer-condition =
    📋 { $condition }: { $state }
    📣 { $grade } · 🕰 { $age } · ⏳ { $left }
officer-condition-lacks =
    📋 { $condition }: { $state }
    📣 { $grade } · 🕰 { $age } · ⏳ { $left }
    ⚠️ Lacks: { $lacks }
officer-conditions-lack =
    ⚠️ The way is not clear:
    { $code }
    { $lacking }
    🛑 Nothing goes out that sends people there.
    💻 See your desk:
    qasid-desk condition list
officer-lacks = 📋 { $condition }: { $why }
officer-routes = 🛣 How the routes stand
officer-routes-none = 🛣 Nobody says anything about any route.
officer-status =
    🛣 { $route }
    📌 { $status } · 📣 { $grade }
    🕰 { $age } · ⏳ { $left }
    👤 Said by: { $own }
officer-integrity =
    🛑 The relay's records contradict themselves:
    { $what }
    💻 Tell whoever runs the relay. There:
    qasid ledger verify
    qasid audit verify
integrity-ledger = 🎫 The ledger of seats
integrity-audit = 📜 The audit log
officer-withheld =
    ⚠️ A notice was due and was not sent.
    💻 See your desk:
    qasid-desk notice list
officer-household =
    🏠 { $alias }
    📌 State: { $state }
    👥 Adults: { $adults }
    👶 Minors: { $minors }
    🤝 Needs: { $needs }
    👔 Officer: { $preferred }
    🌐 Language: { $language }
    🧭 Intent: { $intent }
    🔎 Checked: { $verified }
    👔 Looked after by: { $role }
officer-minor = 👶 Member { $member }: minor, guardian { $guardian }, { $assent }
officer-fact =
    📎 { $fact }
    💬 { $answer }
    ⏳ As it was, ago: { $age }
officer-proposed =
    📝 Proposal noted:
    { $proposal }
    💻 Confirm it on your desk:
    qasid-desk confirm
    🔒 Nothing has changed yet.
officer-audit = 📜 Last entries of the office's log
officer-audit-none = 📜 No such entry.
officer-entry =
    🕰 { $age }
    ✏️ { $event }
    👔 { $role }
    📁 { $subject }
officer-staff = 👥 Officers: { $count }
officer-officer =
    🪪 { $role }
    👔 { $duties }
    💻 Devices: { $devices }
    ⏳ Until the end of duty: { $left }
officer-office =
    🏛 This office
    📖 Roster: { $version }
    ⏳ Until it expires: { $left }
    👥 Officers: { $officers }
    💻 Devices: { $devices }
    📁 Cases: { $cases }
officer-codes-only =
    🗑 Deleted. Codes only, no free text.
    ⌨️ Write it like this:
    { $example }
officer-queued =
    📁 { $alias }
    ⏳ Waits for: { $age }
    📥 Unread: { $unread }
    ⏰ Answer overdue for: { $overdue }
    👔 Looked after by: { $role }
officer-duty-on =
    🔔 You are on duty: your bell rings.
    👥 Others on duty: { $count }
officer-duty-off =
    🔕 You are off duty.
    ⏳ For: { $age }
    👥 Others on duty: { $count }
    ⚠️ With nobody on duty, or when something waits for long, your bell rings all the same.
officer-help = ⌨️ Your commands
button-over = ⌛ This button does not count any more. Write the command again.
button-next = ⏩ Next
button-queue = 📥 What waits
button-departures = 🧭 Departures
button-conditions = 📋 Go or no go
button-quota = 💺 Seats by office
button-board = 🎫 Boarding
button-standby = ⏳ Who waits
button-notices = ✉️ Notices
button-approve = 🖋 To approve
button-airport = 🛣 Routes
button-duty = 🔔 Duty
button-staff = 👥 Officers
button-office = 🏛 Office
button-audit = 📜 Log
button-whoami = 🪪 Who am I
button-confirm = ✅ Confirm
button-duty-on = 🔔 On duty
button-duty-off = 🔕 Off duty
officer-report =
    📊 Open households: { $count }
    🔒 Under 5 is not shown, nor what would betray it.
report-line =
    📎 { $fact }
    { $answer }
report-cell = 💬 { $answer }: { $count }
report-dated = { $count } (oldest, ago: { $age })
report-hidden = not shown
report-intent = wants to leave
button-report = 📊 Report
officer-notreached = 📵 Not reached: { $count }
officer-tried =
    📁 { $alias }
    ⏳ Tried since: { $since }
    🕰 Last try, ago: { $age }
    🔁 Tries: { $count }
    👔 Looked after by: { $role }
button-notreached = 📵 Not reached
officer-consents =
    ✋ Taken back, and not acknowledged by others:
    { $count }
    🔥 Taken back, for us to destroy:
    { $ours }
    ⏳ The oldest waits:
    { $age }
officer-laggard =
    🏛 { $office }
    ✋ Not acknowledged: { $count }
    ⏳ The oldest waits: { $age }
button-consents = ✋ Taken back

duty-coordinator = coordinator
duty-caseworker = caseworker
duty-liaison = liaison
duty-auditor = auditor
duty-host = host administrator
duty-confirmer = confirms only
state-invited = letter not used yet
state-pending = to be checked
state-enrolled = enrolled
state-frozen = frozen: two enrolments
state-refused = refused
state-wiped = wiped
movement-planned = planned
movement-open = open
movement-called = called
movement-departed = departed
movement-arrived = arrived
movement-cancelled = cancelled
notice-scheduled = to go out
notice-withheld = held back
notice-released = out
notice-replaced = replaced
notice-cancelled = called off
notice-expired = over
kind-come = come
kind-change = change
kind-advisory = advisory
kind-threat = warning
why-roster = the roster has expired
why-approvals = an approval does not stand any more
why-sender = who sealed it is no officer any more
why-movement = the departure was called off or has left
why-conditions = the way is not clear
why-warned = a warning came after its approval
why-restored = it comes from a backup
go = ✅ Go
no-go = 🛑 No go
condition-security = security
condition-airport = airport
condition-crossing = crossing
condition-permit = permit
condition-carrier = carrier
condition-reception = reception
condition-medical = medical
condition-weather = weather
condition-route = route
state-green = 🟢 green
state-doubt = 🟡 in doubt
state-red = 🔴 red
state-unknown = ⚪ unknown
grade-official = official
grade-partner = partner
grade-media = media
grade-rumour = rumour
lacks-unknown = nobody said anything
lacks-red = red
lacks-expired = expired
lacks-unofficial = no official source
lacks-closed = closed
route-passable = passable
route-unknown = no official word
route-closed = closed
status-discussion = under discussion
status-technical = technical only
status-limited = limited
status-open = open
status-closed = closed
said-own = our office
said-other = another office
offer-standby = waits for a seat
offer-held = held
offer-accepted = accepted
offer-declined = declined
offer-expired = expired
offer-withdrawn = withdrawn
offer-boarded = boarded
offer-no-show = did not come
offer-not-lifted = came, was not taken along
household-open = open
household-arrived = closed: arrived
household-withdrew = closed: withdrew
household-erased = closed: erased
assent-agreed = agreed
assent-small = agreed, too small to be asked
assent-declined = did not agree
assent-none = not asked
need-mobility = help with walking
need-medical = medical help
need-infant = infant
need-interpreter = interpreter
need-escort = escort
prefer-none = no wish
prefer-female = a woman
prefer-male = a man
intent-wants = wants
intent-unsure = unsure
intent-no = does not want
answer-yes = yes
answer-no = no
answer-yes-estimated = yes, estimated
answer-no-estimated = no, estimated
answer-unknown = not known
fact-requested = asked for help
fact-identified = identified
fact-ready = ready
fact-documents = has documents
fact-offered = was offered a seat
vet-none = nothing
vet-claimed = by nobody yet
vet-once = by one officer
vet-verified = by two officers
vet-refused = refused
vet-revoked = taken back
vet-expired = time is over
yes = yes
no = no
nothing = –
erased = erased { $mark }
age-minutes = { $minutes } min
age-hours = { $hours } h { $minutes } min
age-days = { $days } d { $hours } h
event-office-admitted = office admitted
event-office-registered = office registered
event-roster-followed = new roster
event-account-bound = Telegram account linked
event-invited = letter made
event-invitation-voided = letter made void
event-invitation-proposed = letter proposed
event-proposal-confirmed = proposal confirmed
event-proposal-rejected = proposal rejected
event-enrolment-asked = phone asks to enrol
event-enrolment-frozen = two phones, one letter
event-new-phone-asked = a new phone asks to take a known contact's place
event-new-phone-vouched = one officer vouches for a known contact's new phone
event-device-asked = a contact's phone asks for a second device
event-card-change-vouched = one officer vouches for a change of a contact's devices
event-card-change-refused = change of a contact's devices refused
event-enrolment-refused = phone refused
event-card-taken = phone confirmed
event-contact-claimed = an officer sees to a person
event-contact-released = the person is free again for any officer
event-referrals-opened = open to people without a letter
event-referrals-closed = closed to people without a letter
event-referrals-listed = people without a letter listed
event-referral-asked = somebody without a letter asks
event-referral-vouched = one officer vouches for a phone without a letter
event-referral-refused = somebody without a letter refused
event-referral-forgotten = somebody without a letter forgotten
event-case-read = case looked at
event-consent-given = consent given
event-consent-withdrawn = consent withdrawn
event-consent-lapsed = consent lapsed: a year is over
event-assent-given = guardian and minor agreed
event-assent-refused = guardian or minor did not agree
event-assent-lapsed = assent for a minor lapsed: a year is over
event-sponsor-invited = link made for a relative abroad
event-sponsor-bound = a relative abroad opened the link
event-sponsor-asked = a relative abroad was told when last heard of
event-sponsors-ended = links of relatives abroad ended
event-device-wiped = phone wiped
event-duplicates-read = looked up who shares an account
event-contacts-merged = two records of one person made one
event-contact-erased = a person erased
event-movement-planned = departure planned
event-movement-opened = departure opened
event-movement-called = people called forward
event-movement-departed = departure left
event-movement-arrived = departure arrived
event-movement-cancelled = departure cancelled
event-condition-said = condition noted
event-composition-said = composition noted
event-headcount-made = headcount made
event-manifest-sent = manifest sent by two officers
event-manifest-written = manifest written to a file
event-status-said = route put on the board
event-standby-promoted = seat given to who waited
event-silent-read = who has not answered was looked at
event-hold-expired = held seat given back: no answer
event-seats-lent = seats lent to an office
event-lend-withdrawn = lend withdrawn
event-seats-borrowed = lent seats taken up
event-seats-given-back = borrowed seats offered back
event-seats-returned = lent seats are back
event-outcome-recorded = boarding recorded
event-safety-checks-read = safety checks were looked at
event-safety-check-closed = safety check closed
event-notice-approved = notice approved
event-notice-scheduled = notice scheduled
event-notice-sealed-anew = notice sealed anew
event-notice-released = notice sent
event-notice-withheld = notice held back
event-notice-cancelled = notice called off
event-partner-accepted = partner accepted
event-partner-ended = partner ended
event-missive-sent = message to an office
event-missive-received = message from an office
event-missive-passed-on = message passed on
event-missive-held = message held
event-missive-returned = message returned
event-disclosed = passed on to another office
event-withdrawal-received = taken back: to be destroyed
event-withdrawal-acknowledged = destruction acknowledged
event-change-proposed = change proposed
event-cases-listed = households listed
event-case-opened = household opened
event-case-closed = household closed
event-member-added = member added
event-member-removed = member removed
event-needs-set = needs noted
event-fact-recorded = fact noted
event-intent-recorded = wish noted
event-case-claimed = household to be checked
event-case-confirmed = checked by one officer
event-case-verified = checked by two officers
event-case-refused = household refused
event-case-revoked = check taken back
event-duty-begun = on duty
event-duty-ended = off duty
event-queue-read = list of those who wait looked at
event-report-made = report made
event-assigned = officer assigned
event-unassigned = assignment ended
event-offboarding-proposed = off-boarding proposed
event-attempt-recorded = attempt to reach noted
event-not-reached-read = list of those not reached looked at
event-unrung-read = list of those not rung looked at
