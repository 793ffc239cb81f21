# The app as one file, opened without a network. It has the app's words too; where a message is in both, this one is said.

unlock-wrong = This does not open. Try again; after wrong tries wait, 15 minutes at most. Without the PIN nobody can open it.
unlock-broken = What this page keeps cannot be opened. Erase, and open your key file once more.
unlock-wipe = Erase
wipe-all = What this page keeps goes at once and cannot be brought back.
wipe-own = What this page keeps, messages and keys, goes at once and cannot be brought back.
wipe-done-text = This page keeps nothing any more. If the app still works on your phone, take this page away there too.
wipe-files = What it cannot reach: this page and the key file among your downloads, in the trash, and in the Telegram chat. Delete them yourself.
broken-text = Close the page and open it again. If it asks for the key file then, open that.
elsewhere-text = Qasid is open in another window of this browser. Close it there first.
home-next-queue = Something you wrote waits for you to take it to the bot.
home-next-void = A notice here comes from your key file. Whether it still stands, this page cannot know. Do not go. Ask your office.
notice-void-text = It comes from your key file, and changes may not be in that. Stay where you are safe and ask your office, or ask the bot with the number below.
state-waiting = Waiting for your office
state-handed = Given to the bot; no answer yet
thread-timer = Messages disappear from this page after { $days } days.
thread-rejected = One message did not pass the checks of this page and was not opened.
help-limits-text = Whoever holds your phone sees the Telegram chat, this page and the key file, but opens them only with the PIN. Telegram sees that sealed letters pass, how large they are, and when.
help-search-text = Erase, and delete this page and the key file among your downloads and in the chat: a file with that name says what it is for.
help-fee-text = There is no fee, ever, and no pass. Never follow a notice that is not confirmed on this page.
help-bundle = Is this page the right one?
help-bundle-differs = A page opened from a file cannot check itself.
help-bundle-text = The bot says its number (SHA-256) when it sends it. Compare that with one you have from your office by another way.

# Key file
keys-title = Your key file
keys-lead = This page needs no network. It opens with the key file that you made in the app, and its PIN.
keys-choose = Choose the key file
keys-chosen = Chosen. Choose another one
keys-pin = PIN of the key file
keys-wrong-pin = This PIN does not open the file.
keys-damaged = This is no whole key file. Its name ends in .qasid. Choose it again, or make a new one in the app.
keys-where = Nothing you do here leaves this phone by itself.
this-title = This page
this-kept = This browser keeps your keys and messages for this page, locked with the PIN. You may delete the key file.
this-not-kept = This browser keeps nothing for this page. What changes is lost when you close it, unless you save your key file again.
this-reachable = Your office can write to this page until { $solar } ({ $gregorian }). After that, make a new key file in the app.
save-title = Save your key file again
save-text = Something changed. It is only in this window until you save the file. Let it take the place of the old one, and delete the old one.
save-file = Save the key file
save-done = Saved. See that the file is there before you close this page.

# Post
post-title = To the bot and back
post-lead = Without a network you carry the letters: to the bot in Telegram, and from there to here.
post-clock = Your phone says: { $solar } ({ $gregorian }), { $time } Kabul time. If that is wrong, set it right first: letters with a wrong time are not taken.
give-waiting = What you wrote
give-title = Give this to the bot
give-not-yet = Not given to the bot yet
give-given = Given to the bot { $time }. It waits until your office has opened it.
give-no-list = The list of officers on this page has run out, so nothing can be sealed to your office. Ask the bot for letters: a new list comes with them. If none comes, call your office.
hand-text = In Telegram, open the bot { $bot } and send it this, whole and unchanged. Nobody but your office can read it.
hand-copy = Copy
hand-save = Save as a file
hand-copied = Copied. Paste it in the chat with the bot and send it.
hand-selected = It is selected. Hold your finger on it, copy it, and send it to the bot.
hand-saved = Saved. Send the file to the bot, then delete it.
hand-too-long = This is too long for one message. Save it as a file and send the file.
hand-waits = Doing it twice does no harm.
ask-letters = Ask for letters
ask-letters-text = The bot answers with what your office wrote to you.
ask-letters-more = This also tells the bot that what you opened is here, so that it can delete it and give you the rest.
ask-save-first = Save your key file first. Then ask: the bot deletes what you have.
take-title = What the bot sent
take-text = Copy its messages and paste them here, several at once if you like, or choose its files.
take-open = Open
take-file = Choose files of the bot
take-taken = Opened. You find it under messages or notices.
take-known = Something of it was here already. That does no harm.
take-listed = The list of officers is up to date.
take-refused = Something did not pass the checks of this page and was not opened. Nothing was changed by it. If it happens again, tell your office by another way.
take-behind = A letter was sealed by a newer list of officers. Ask the bot for letters again, and put in the list it sends together with this letter.
take-other = A letter is for another device or another office. Open it there.
take-gone = A letter is sealed to a key that this page no longer has. Ask your office to send it again.
take-old = A letter is too old. If the date on your phone is right, ask your office to send it again.
take-own = This is what you gave to the bot. Put in what the bot sent you.
take-damaged = Something is damaged, cut, or made for a newer page. Copy it once more, whole.
take-none = There is no letter in this. A letter begins with qasid1.

# What needs the app
needs-app-title = Not on this page
needs-app-text = This page carries letters only. For permissions, and to answer a notice, use the app. If you cannot, write it to your office in a message, or call it.
