# The phone app in Dari. Dates and numbers come in as finished text; plain numbers only choose a plural.

back = برگشت
next = ادامه
close = بستن
working = یک لحظه …
cancel = نه، برگشت

# Letter
letter-title = نامهٔ شما
letter-lead = یک مأمور به شما نامه داده است. با آن این موبایل به دفتر شما وصل می‌شود.
letter-never-chat = نامه را هیچ‌گاه در چت نگذارید، در این چت هم نه. آن را فقط در همین صفحه بدهید.
letter-scan = اسکن کود چهارکنج
letter-picture = انتخاب عکسِ کود
letter-words = نوشتن دوازده کلمه
letter-text = نوشتن متن نامه
letter-scan-hint = کود چهارکنج نامه را پیش روی کمره بگیرید.
letter-camera-off = کمره این‌جا کار نمی‌کند. یک عکس انتخاب کنید یا دوازده کلمه را بنویسید.
letter-no-code = در این عکس کود نامه نیست. عکس روشن‌تر بدهید یا دوازده کلمه را بنویسید.
letter-words-title = دوازده کلمه
letter-words-hint = کلمه‌ها را به ترتیب نامه بنویسید و بین آن‌ها فاصله بگذارید. چهار حرف اول هر کلمه بس است.
letter-words-label = دوازده کلمه
letter-text-title = متن نامه
letter-text-hint = با QASID1 شروع می‌شود. از روی نامه بگیرید، نه از چت.
letter-text-label = متن نامه
letter-check = بررسی نامه
letter-wrong-text = نامه کامل نیست. ببینید که از اول یا آخر آن چیزی کم نباشد.
letter-wrong-words = این کلمه‌ها با هم جور نمی‌آیند. هر کلمه و ترتیب آن‌ها را ببینید.
letter-not-valid = این نامه کار نمی‌کند: شاید استفاده شده، کهنه شده یا غلط نوشته شده باشد. از دفتر تان نامهٔ نو بخواهید.
letter-mismatch = این نامه و سرویس دربارهٔ دفتر یک چیز نمی‌گویند. ادامه ندهید. به دفتر تان خبر بدهید.
letter-link-hint = شما از یک لینک آمدید. لینک جای نامه را نمی‌گیرد: کلمه‌ها یا کود هنوز لازم است.

# Who
who-title = شما به این دفتر می‌نویسید
who-office = دفتر شما
who-office-text = فقط این دفتر نوشتهٔ شما را خوانده می‌تواند. گردانندگان این سرویس نمی‌توانند، تلگرام هم نمی‌تواند.
who-officers = مأموران با این کودها امضا می‌کنند، هیچ‌گاه با نام:
who-sign = نشان دفتر، همان که در نامهٔ شماست
who-no-fee = هیچ‌کس حق ندارد از شما پول بخواهد. این خدمت همیشه رایگان است.
number-title = شمارهٔ مقایسه
number-text = شاید مأموری این شماره را در تلفون از شما بپرسد. اگر شمارهٔ او همین باشد، کسی در میان نیست.
number-label = دوازده گروه پنج‌رقمی

# Consent
consent-title = اجازهٔ شما
consent-lead = تصمیم با شماست و هر وقت آن را تغییر داده می‌توانید. کمک به آن بسته نیست.
consent-messages = پیام‌ها
consent-messages-text = می‌خواهم پیام بفرستم و پیام بگیرم.
consent-messages-reader = خواننده: مأموران دفتر شما که اجازهٔ خواندن دارند. هیچ‌کس دیگر.
consent-departures = سفرها
consent-departures-text = می‌خواهم برایم جای سفر پیشنهاد شود و خبر سفر بگیرم.
consent-departures-reader = خواننده: هماهنگ‌کنندگان دفتر شما. سرویس می‌بیند که پیشنهادی هست، نه این که شما کیستید.
consent-needed = بدون پیام‌ها این اپ کاری کرده نمی‌تواند. آن را روشن کنید یا اپ را ببندید.

# PIN
pin-title = یک رمز انتخاب کنید
pin-text = این رمز پیام‌های شما را در این موبایل قفل می‌کند. دست‌کم شش رقم. آن را هیچ‌جا ننویسید.
pin-forget = هیچ‌کس آن را عوض کرده نمی‌تواند. اگر فراموش کنید، نامهٔ نو لازم است.
pin-label = رمز
pin-again = رمز یک بار دیگر
pin-weak = دست‌کم شش رقم بگیرید؛ نه پشت سر هم مثل ۱۲۳۴۵۶ و نه یک رقم تکراری.
pin-different = این دو یکی نیستند. دوباره کوشش کنید.
pin-set = قفل با این رمز
pin-working = قفل می‌شود … چند ثانیه وقت می‌گیرد.
unlock-title = قفل است
unlock-label = رمز
unlock = باز کردن
unlock-wrong = این رمز درست نیست. دوباره کوشش کنید. اگر فراموش کرده‌اید: همه را پاک کنید و از دفتر نامهٔ نو بخواهید.
unlock-wait = کوشش‌ها زیاد شد. { $time } صبر کنید و باز کوشش کنید.
unlock-keystore = کلید دوم در این موبایل نیست، پس پیام‌ها باز نمی‌شود. همه را پاک کنید و از دفتر نامهٔ نو بخواهید.
unlock-broken = آنچه در این موبایل است باز نمی‌شود. همه را پاک کنید و از دفتر نامهٔ نو بخواهید.

# Wipe
settings-wipe = پاک کردن همه‌چیز از این موبایل
wipe-title = همه‌چیز پاک شود؟
wipe-text = همهٔ پیام‌ها و کلیدهای این موبایل فوراً از بین می‌رود و پس نمی‌آید. برای نوشتن دوباره نامهٔ نو لازم است. چت تلگرام می‌ماند: خود تان پاکش کنید.
wipe-hold = برای پاک کردن فشار بدهید و نگه دارید
wipe-holding = نگه دارید …
wipe-done = همه‌چیز از این موبایل پاک شد.
wipe-done-text = حالا چت را در تلگرام پاک کرده می‌توانید.
wipe-owed = همین که ارتباط شد به سرویس خبر داده می‌شود: آن وقت اپ را یک بار دیگر باز کنید.

# Faults
elsewhere-title = در پنجرهٔ دیگر باز است
elsewhere-text = قاصد در پنجرهٔ دیگری از این موبایل باز است. اول آن را ببندید.
broken-title = مشکلی پیش آمد
broken-text = چیزی گم نشده است. اپ را ببندید و دوباره باز کنید.
error-offline = ارتباط نیست. وقتی ارتباط شد دوباره کوشش کنید.
error-busy = کوشش‌ها زیاد شد. کمی صبر کنید.
error-server = سرویس خطا داد. پسان‌تر دوباره کوشش کنید.

## Behind the lock

# Waiting
waiting-title = نزدیک است تمام شود
waiting-lost = نامه کار نکرد
waiting-text = دفتر شما حالا این موبایل را بررسی می‌کند. شاید چند ساعت بگیرد. می‌توانید اپ را ببندید.
waiting-network = هنوز ارتباط نیست. همین که شد، فرستاده می‌شود.
waiting-reopen = اپ را ببندید، از چت دوباره باز کنید و قفل را باز کنید.
waiting-frozen = موبایل دیگری همین نامه را استفاده کرد. دفتر شما خبر شد و هر دو را می‌بندد. از راه دیگر با دفتر تماس بگیرید.
waiting-refused = نامه قبول نشد: استفاده شده، کهنه شده یا پس گرفته شده است. همه را پاک کنید و از دفتر نامهٔ نو بخواهید.

# Home
home-title = قاصد
home-next = قدم بعدی
home-next-renew = یکی از اجازه‌های شما در { $date } پایان می‌یابد. با یک لمس تازه‌اش کنید.
home-next-none = حالا کاری نیست. جایی بمانید که در امان هستید.
home-next-read = از دفتر شما چیز نوی آمده است.
home-next-answer = یک خبر سفر منتظر جواب شماست.
home-next-confirmed = سفر شما قطعی شد. همین حالا خبر را بخوانید.
home-next-unconfirmed = سفری آماده می‌شود. هنوز قطعی نیست. از جای تان حرکت نکنید.
home-next-queue =
    { $count ->
        [one] { $shown } پیام منتظر ارتباط است. چیزی گم نمی‌شود.
       *[other] { $shown } پیام منتظر ارتباط است. چیزی گم نمی‌شود.
    }
home-next-consent = پیام‌ها خاموش است. چیزی فرستاده یا گرفته نمی‌شود.
home-next-void = خبر سفر شما دیگر اعتبار ندارد. نروید. از دفتر تان بپرسید.
home-next-dropped = سرویس دیگر این موبایل را نمی‌شناسد. چیزی به شما نمی‌رسد. به خبر کهنه عمل نکنید. از راه دیگر از دفتر تان بپرسید.
home-next-ask = دفتر شما از شما تصمیم می‌خواهد.
home-open = خواندن
home-notice = آخرین خبر سفر
home-status = حال شما چطور است؟
home-messages = پیام‌ها
home-last-text = آخرین پیام شما
home-new =
    { $count ->
        [one] { $shown } نو
       *[other] { $shown } نو
    }
home-refresh = خبر نو را ببین
home-fresh = آخرین بررسی ساعت { $time } به وقت کابل
home-offline = ارتباط نیست. کوشش ادامه دارد.
home-casefile = دربارهٔ شما و خانوادهٔ تان
home-later = این صفحه هنوز در موبایل شما نیست. همین که ارتباط شد، خودش می‌آید.
home-help = کمک
home-settings = تنظیمات
home-lock = قفل

# Ask
ask-title = دفتر شما می‌پرسد
ask-text = اجازه است دفتر شما این گفته‌های تان را به «{ $office }» برساند؟
ask-decide = تصمیم گرفتن
group-identity = نام و اسناد
group-family = همراهان سفر
group-needs = صحت و کمک در راه
group-risk = چرا در خطر هستید
group-unknown = «{ $group }»

# Status
status-safe = در امان هستم
status-help = کمک لازم دارم
status-moving = در راه هستم
status-ready = آمادهٔ سفر
status-cannot = سفر نمی‌توانم
status-send-title = به دفتر فرستاده شود؟
status-note = چند کلمه بنویسید (لازم نیست)
status-note-hint = جای دقیق تان را ننویسید، مگر دفتر بخواهد.
status-send = فرستادن

# Thread
thread-title = پیام‌ها
thread-empty = هنوز پیامی نیست.
thread-write = پیام
thread-send = فرستادن
thread-too-long = بسیار دراز است. در دو بخش بفرستید.
thread-from = دفتر { $code }
thread-me = شما
thread-gap = یک پیام پیش از این نرسیده است.
thread-rejected = یک پیام از بررسی این موبایل نگذشت و باز نشد.
thread-told = دربارهٔ خود به دفتر گفتید
thread-taken = گفتهٔ خود را پس گرفتید
thread-timer = پیام‌ها بعد از { $days } روز از این موبایل پاک می‌شود.
state-waiting = منتظر ارتباط
state-handed = به دفتر فرستاده شد
state-opened = دفتر باز کرد
state-failed = قبول نشد. دوباره بفرستید.

# Notice
notice-come = سفر
notice-change = سفر تغییر کرد
notice-advisory = معلومات
notice-threat = خطر
notice-unconfirmed = قطعی نیست — از جای تان حرکت نکنید
notice-unconfirmed-text = آماده شوید، اما بیرون نشوید. فقط وقتی بروید که این صفحه بگوید قطعی شد.
notice-confirmed = قطعی شد
notice-confirmed-text = ساعت { $time } به وقت کابل قطعی شد. تا { $until } اعتبار دارد.
notice-lapsed = دیگر قطعی نیست — از جای تان حرکت نکنید
notice-lapsed-text = وقتِ تأیید گذشت. بیرون نشوید. از دفتر بپرسید.
notice-cancelled = لغو شد — نروید
notice-cancelled-text = دفتر شما آن را لغو کرد. جایی بمانید که در امان هستید.
notice-replaced = خبر نوتر جای این را گرفت
notice-replaced-text = به این یکی عمل نکنید.
notice-void = دیگر اعتبار ندارد — نروید
notice-void-text = شاید خبر تغییر به این موبایل نرسیده باشد. جایی بمانید که در امان هستید و از دفتر تان بپرسید.
notice-over = تمام شد
notice-over-text = وقت این خبر گذشته است.
notice-roster = قطعی نیست — وقتِ لست دفتر گذشته است
notice-roster-text = تا دفتر آن را نو نکند، از جای تان حرکت نکنید.
notice-threat-text = همین حالا بخوانید. این از هر خبر دیگر پیش‌تر است.
notice-advisory-text = این فقط معلومات است. نمی‌گوید که حرکت کنید.
notice-window = در این وقت آن‌جا باشید
notice-window-value = از { $from } تا { $until } به وقت کابل
notice-departs = حرکت
notice-place = جای
notice-place-closed = وقتی سفر قطعی شد، این‌جا باز می‌شود.
notice-place-none = جایی گفته نشده است.
notice-who = کی آمده می‌تواند
notice-seats = جای‌ها
notice-bring = با خود بیاورید
notice-leave = با خود نیاورید
notice-documents = سندها
notice-message = از دفتر شما
notice-route = راه
route-1 = هوایی
route-2 = زمینی به پاکستان
route-3 = زمینی به ازبکستان
route-4 = زمینی به تاجکستان
notice-party =
    { $count ->
        [one] { $shown } جای برای شما
       *[other] { $shown } جای برای شما و همراهان تان
    }
notice-case = دوسیهٔ شما
notice-choice = انتخاب با شماست. نه گفتن جزایی ندارد و باز هم از شما پرسیده می‌شود.
notice-fee = هیچ‌گاه پولی در کار نیست. کسی که پول بخواهد از طرف ما نیست.
notice-pass = این اجازه‌نامه نیست. به کسی نشان ندهید و نفرستید: هیچ دروازه‌ای را باز نمی‌کند.
notice-answer-by = تا ساعت { $time }، { $date } جواب بدهید
notice-answer-late = وقت جواب گذشته است. به دفتر تان بنویسید.
notice-version = خبر { $notice }، نسخهٔ { $version }
accept = می‌خواهم بیایم
decline = نمی‌خواهم بیایم
need-help = برای آمدن کمک لازم دارم
accept-effect = جای شما نگه داشته می‌شود. تا این صفحه نگوید «قطعی شد»، از جای تان حرکت نکنید. باز هم نظر تان را تغییر داده می‌توانید.
decline-effect = جای شما به دیگران می‌رسد. جزایی ندارد. شما با دفتر تان می‌مانید.
need-help-effect = جای شما نگه داشته می‌شود و مأموری به شما می‌نویسد.
answer-confirm = بلی، این جواب را بفرست
answer-was = جواب شما: { $answer }
answer-change = جوابم را تغییر می‌دهم
answer-failed = این جواب دیر رسید یا برای خبر کهنه بود. به دفتر تان بنویسید.
notice-checked = امضای { $codes } در این موبایل بررسی شد.

# Help
help-title = کمک
help-safe = این اپ از چه نگهداری می‌کند
help-safe-text = پیام‌های شما در همین موبایل مهر و قفل می‌شود. فقط دفتر شما باز کرده می‌تواند. گردانندگان سرویس و تلگرام نمی‌توانند.
help-limits = چه را پنهان کرده نمی‌تواند
help-limits-text = کسی که موبایل شما را بگیرد چت تلگرام را می‌بیند، اما نوشته‌های این‌جا را نه. دیده می‌شود که اپ را استفاده می‌کنید و چه وقت.
help-search = اگر شاید موبایل تان را تلاشی کنند
help-search-text = اپ را قفل کنید یا همه را پاک کنید. پاک کردن سه ثانیه می‌گیرد و شما را از سرویس هم پاک می‌کند.
help-fee = پول و اجازه‌نامه
help-fee-text = هیچ‌گاه پولی نیست و اجازه‌نامه‌ای نیست. به خبری که در این صفحه قطعی نشده، هیچ‌گاه عمل نکنید.
help-silence = اگر خبری نیامد
help-silence-text = بی‌خبری جواب نیست. تا خبر نیامده، از جای تان حرکت نکنید.
help-shared = بات
help-shared-text = بات خودش را ثابت کرده نمی‌تواند. نامش را با نامهٔ تان مقایسه کنید: { $bot }

# Settings
settings-title = تنظیمات
settings-language = زبان
settings-consent = اجازه‌های شما
settings-ends = این اجازه را نزدیک یک سال پیش دادید. در { $solar } ({ $gregorian }) پایان می‌یابد.
settings-ended = این اجازه در { $solar } ({ $gregorian })، یک سال پس از دادن آن، پایان یافت. دیگر چیزی نمی‌آید.
settings-renew = برای یک سال تازه کردن
settings-withdraw = اجازهٔ «{ $purpose }» را پس می‌گیرید؟
settings-withdraw-text = همین حالا اثر می‌کند. آنچه منتظر شماست از بین می‌رود و خبر سفر در این موبایل دیگر اعتبار ندارد.
settings-withdraw-yes = بلی، پس می‌گیرم
settings-sharing = اجازهٔ رساندن به دیگران
settings-pause = خاموشی
settings-pause-text = پیام تلگرام نمی‌آید. دفتر شما باز هم نوشته می‌تواند؛ وقتی اپ را باز کنید می‌بینید.
holdings-title = سرویس دربارهٔ شما چه دارد

# Stop
stop-title = برای حفظ شما توقف شد
stop-text = سرویس دربارهٔ دفتر شما چیزی نشان داد که با نامهٔ شما جور نمی‌آید. شاید کسی دست برده باشد. دیگر چیزی باز یا فرستاده نمی‌شود.
stop-do = به هیچ هدایت نو عمل نکنید. از راه دیگر، با تلفون یا رو به رو، با دفتر تان تماس بگیرید.
stop-check = دوباره بررسی کن
stop-still = هنوز هم جور نمی‌آید.
stop-reason-rollback = سبب: لست کهنهٔ مأموران نشان داده شد.
stop-reason-fork = سبب: لست دیگری از مأموران نشان داده شد.
stop-reason-root = سبب: کلید اصلی دفتر بدون وعدهٔ قبلی عوض شد.
stop-reason-card = سبب: کارت دفتر برای این موبایل جور نمی‌آید.

## About the person

# Case file
casefile-lead = فقط آنچه می‌خواهید بگویید: هر خانه خالی مانده می‌تواند، و آنچه تغییر نمی‌دهید همان‌طور می‌ماند. کمک به آن بسته نیست.
casefile-kept = نوشتهٔ شما پس از فرستادن در این موبایل نمی‌ماند. بعد فقط دیده می‌شود که چه را گفتید و چه وقت.
casefile-reader = خواننده: مأموران دفتر شما که اجازهٔ خواندن دارند. هیچ‌کس دیگر، مگر شما اجازه بدهید.
casefile-others = اجازه دادید که به این‌ها برسد: { $offices }
casefile-told = در { $solar } ({ $gregorian }) گفتید
casefile-anew = از نو نوشتن
casefile-take = پس گرفتن
casefile-taking = با فرستادن پس گرفته می‌شود. به دفتر گفته می‌شود که آن را پاک کند.
casefile-leave = بماند
casefile-too-long = بسیار دراز است. کوتاه‌تر بنویسید.
casefile-send = فرستادن به دفتر
field-identity-name = نام شما، مثل اسناد تان
why-identity-name = تا چوکی و اسناد سفر به نام درست باشد.
field-identity-documents = اسنادی که دارید
why-identity-documents = تا دفتر بداند کدام سند کم است. نوع و کشور بس است؛ شماره ننویسید.
field-family-members = کسانی که با شما هستند
why-family-members = تا کسی نماند: با شما چه نسبت دارند و چند ساله هستند.
field-needs-health = صحت
why-needs-health = تا دوا و داکتر آماده باشد: مریضی، دوا، حاملگی.
field-needs-help = کمک در راه
why-needs-help = تا کسی باشد که در راه رفتن، با اطفال یا در زبان کمک کند.
field-risk-grounds = دلیل‌های شما
why-risk-grounds = تا دفتر نشان داده بتواند که چرا نباید منتظر بمانید. نام کس دیگر را ننویسید.

# Passing on
decide-closing = اگر این صفحه را ببندید، هیچ اجازه‌ای داده نمی‌شود. در تنظیمات هر وقت آن را تغییر داده می‌توانید.
decide-yes = به آنچه روشن است اجازه می‌دهم
decide-no = به هیچ‌کدام اجازه نمی‌دهم
sharing-lead = آنچه به دفتر تان می‌گویید همان‌جا می‌ماند، جز آنچه این‌جا اجازه می‌دهید. هر اجازه پس از یک سال پایان می‌یابد. کمک به آن بسته نیست.
sharing-none = دفتر شما تا حالا نپرسیده که چیزی را به دیگران برساند.
sharing-text = دفتر شما این را به «{ $office }» رسانده می‌تواند.
sharing-reader = خواننده: مأموران «{ $office }» که اجازهٔ خواندن دارند. وقتی اجازه را پس بگیرید، باید آن را از بین ببرند.
sharing-withdraw = آنچه «{ $office }» هنوز نگرفته، همین حالا از بین می‌رود. به آن گفته می‌شود که آنچه دارد از بین ببرد و باید تأیید کند. نسخهٔ چاپ‌شده پس نمی‌آید.
sharing-held = آنچه رسانده شد، و این که از بین رفت یا نه، این‌جاست:

# Holdings
holdings-intro = نامه‌های شما سربسته از سرویس می‌گذرد. نام، سند، جای و متن شما نزدش نیست. همهٔ آنچه دارد این است:
holdings-again = دوباره بپرس
holdings-alias = { $alias }: نام شما نزد دفتر تان در اینجا، از { $solar } ({ $gregorian })
holdings-heard = آخرین باری که نوشتید: { $solar } ({ $gregorian })
holdings-phones = موبایل‌هایی که نامه‌های شما را باز می‌کنند، به شکل کلید عمومی: { $phones }
holdings-telegram = حساب تلگرام شما، رمزشده، تا خبر تان کند
holdings-no-telegram = هیچ حساب تلگرام
holdings-bell = زبانی که بات به شما می‌نویسد، و این که اجازه دارد بنویسد یا نه
holdings-consents = آنچه اجازه دادید یا پس گرفتید، با امضای موبایل شما: { $consents }
holdings-passed-standing = در { $solar } ({ $gregorian }) به «{ $office }» رسانده شد: { $fields }
holdings-passed-withdrawn = در { $solar } ({ $gregorian }) به «{ $office }» رسانده شد: { $fields } — از بین رفتنش هنوز تأیید نشده
holdings-passed-acknowledged = در { $solar } ({ $gregorian }) به «{ $office }» رسانده شد: { $fields } — تأیید شد که از بین رفت
holdings-letters = نامه‌های سربسته: { $incoming } برای شما، { $outgoing } از شما
holdings-seats = چوکی‌هایی که برای تان پیشنهاد شد: { $seats }. جواب‌هایی که دادید: { $answers }
holdings-attempts = چند بار مأموری کوشید با شما تماس بگیرد: { $attempts }
holdings-logged = سطرهای دفتر ثبت دربارهٔ شما: { $logged }. وقتی همه چیز پاک شود، اینها بدون کود شما می‌ماند
holdings-household = خانوادهٔ شما: { $people } نفر به شکل شماره، { $checks } بار از سوی مأموران بررسی شده
holdings-fact = { $fact }: { $answer }
fact-requested = کمک خواسته است
fact-identified = شناسایی شده است
fact-ready = آماده است
fact-documents = سند دارد
fact-offered = چوکی پیشنهاد شده است
fact-answer-yes = بلی
fact-answer-no = نی
intent-wants = می‌خواهد برود
intent-unsure = نامطمئن است
intent-no = نمی‌خواهد برود
wants-mobility = برای راه رفتن کمک لازم دارد
wants-medical = کمک صحی لازم دارد
wants-infant = نوزاد دارد
wants-interpreter = ترجمان لازم دارد
wants-escort = همراه لازم دارد
