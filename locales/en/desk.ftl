# The printed letter of introduction (qasid-desk invite --out).
letter-title = Letter of introduction
letter-what = This sheet introduces your phone to the office. It is for one person and one phone. Keep it to yourself.
letter-step-install = Install Telegram, if you do not have it. Nobody will ask you for money: there is no fee, ever.
letter-step-open = In Telegram, search for { $bot } and compare every letter of the name with this sheet. Press Start, then Open.
letter-step-scan = In the app choose “Scan” and hold the square code before the camera.
letter-step-words = If the camera does not work, type the twelve words in their order instead.
letter-step-compare = The office confirms your phone. It may telephone you and compare a number: both of you must see the same one.
letter-step-destroy = When the app says that you are enrolled, burn or tear up this sheet. It has done its work.
letter-warning = Do not photograph this sheet and do not send it to anybody. Whoever reads it first can pretend to be you. It is no pass and opens no gate.
letter-until = The letter can be used until: { $until }.
