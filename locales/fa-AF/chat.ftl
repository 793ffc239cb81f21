# سخنان ربات در چت. چت در تلفن دیده می‌شود: اینجا نباید معلوم شود که قاصد برای چیست.
# هر سطر یک سخن. کُد و شماره در سطر خودش.

welcome =
    در این چت چیزی ننویسید 🔒
    دکمهٔ «باز کردن» را بزنید. آنجا بخوانید و بنویسید 📱
    نامهٔ خود را نگاه دارید. برنامه آن را می‌پرسد ✉️
welcome-letter =
    شما نامه دارید ✉️
    دکمهٔ «باز کردن» را بزنید. برنامه نامه را می‌پرسد 📱
    در این چت چیزی ننویسید 🔒
doorbell =
    چیزی برای شما هست ✉️
    باز کنید و بخوانید 📱
typed =
    لطفاً اینجا ننویسید 🚫
    نوشتهٔ شما پاک شد 🗑
    نوشتهٔ شما نگاه داشته نشد 🔒
    دکمهٔ «باز کردن» را بزنید. آنجا بنویسید 📱
help =
    باز کردن: خواندن و نوشتن امن 📱
    اجازه‌های من: در برنامه ببینید و تغییر دهید 🔐
    زبان: زبان خود را انتخاب کنید 🌐
    ربات درست است؟ چگونه بدانید 🔎
    خبر دادن: روشن یا خاموش 🔔
    توقف: بی‌صدا، پس گرفتن رضایت یا پاک کردن 🛑
    در این چت چیزی ننویسید 🔒
code-current =
    این خبر هنوز درست است ✅
    تلفن‌تان می‌گوید چه وقت بروید. تا آن وقت در جای خود بمانید 🤚
code-replaced =
    خبر تازه‌تر جای این خبر را گرفت 🔁
    برنامه را باز کنید و خبر تازه را بخوانید 📱
    با خبر کهنه نروید 🤚
code-cancelled =
    این خبر لغو شد 🛑
    نروید 🤚
code-unknown =
    هیچ خبر با این شماره اکنون معتبر نیست ❓
    با آن نروید. از دفتر خود بپرسید 🤚
code-often =
    بسیار پرسیدید. یک ساعت بعد باز بپرسید ⏳
    تا نمی‌دانید، در جای خود بمانید 🤚
verify =
    هیچ ربات نمی‌تواند ثابت کند که راستین است ⚠️
    نامهٔ خود را بگیرید 📄
    در نامه یک نام است. نام این ربات این است 👀
    { $bot }
    نام همان است، حرف به حرف: ادامه بدهید ✅
    نام دیگر است: این چت را ببندید. از کسانی که نامه دادند بپرسید ❌
    هیچ کس حق ندارد از شما پول بخواهد 💰
language-question = زبان خود را انتخاب کنید 🌐
language-set = دری ✅
stop-question =
    چه می‌خواهید؟ 🛑
    بی‌صدا: من خاموش می‌مانم. برنامه کار می‌کند 🔕
    پس گرفتن رضایت: دیگر چیزی به شما فرستاده نمی‌شود ✋
    پاک کردن: همه چیز دربارهٔ شما پاک می‌شود 🗑
stop-silence =
    اکنون خاموش هستم 🔕
    برنامه هنوز کار می‌کند 📱
stop-withdraw =
    اکنون خاموش هستم 🔕
    یک قدم دیگر: برنامه را باز کنید و «پس گرفتن رضایت» را بزنید ✋
    تنها تلفن خود شما این کار را می‌تواند 🔑
    تلفن گم شد؟ به کسانی که نامه دادند بگویید 📞
stop-erase =
    اکنون خاموش هستم 🔕
    یک قدم دیگر: برنامه را باز کنید و «پاک کردن» را بزنید 🗑
    تنها تلفن خود شما این کار را می‌تواند 🔑
    تلفن گم شد؟ به کسانی که نامه دادند بگویید 📞
signals-on =
    دوباره خبر می‌دهم 🔔
relative-linked =
    انجام شد. شمارهٔ این لینک ✅
    { $number }
    خبر را اینجا بپرسید 👂
    /relative
    چیز دیگری در این چت ننویسید 🔒
relative-none = اجازهٔ نشان دادن چیزی نیست 👂
relative-news = آخرین بار که خبر آمد 👂
relative-recent =
    { $number }
    در دو روز گذشته 🕰
relative-week =
    { $number }
    در یک هفتهٔ گذشته 🕰
relative-longer =
    { $number }
    پیش از یک هفته 🕰
relative-never =
    { $number }
    هنوز نه 🕰
armour-taken =
    گرفته شد. در راه است ✅
    پیام شما از این چت پاک می‌شود 🗑
armour-received =
    رسید ✅
    پیام شما از این چت پاک می‌شود 🗑
armour-letters =
    این نامه‌های شماست. مهر شده‌اند ✉️
    هر یک را در صفحهٔ خود کاپی کنید و آنجا بخوانید 📋
    یک ساعت بعد از این چت پاک می‌شوند 🗑
armour-more =
    این نامه‌های شماست. مهر شده‌اند ✉️
    هر یک را در صفحهٔ خود کاپی کنید و آنجا بخوانید 📋
    نامه‌های دیگر هم هست. آنچه صفحه بعد می‌دهد بفرستید ➕
    یک ساعت بعد از این چت پاک می‌شوند 🗑
armour-none =
    اکنون چیزی برای شما نیست 📭
armour-part =
    یک پارچهٔ آن رسید، نه همه 🧩
    باقی آن را اکنون بفرستید 📨
    یا همه را دوباره بفرستید، به شکل فایل 📄
armour-damaged =
    این کامل نیست. گرفته نشد 🧩
    دوباره بفرستید، به شکل فایل 📄
armour-late =
    این بسیار کهنه است، یا پیشتر به کار رفت. گرفته نشد 🕰
    ببینید که تلفن‌تان روز و ساعت درست را نشان می‌دهد ⌚
    در صفحهٔ خود یکی تازه بسازید و بفرستید 🔁
armour-refused =
    این گرفته نشد ❌
    هر وقت توانستید «باز کردن» را بزنید. برنامه می‌گوید چرا 📱
armour-yours =
    این نامه برای شماست. چیزی فرستاده نشد ✉️
    در صفحهٔ خود کاپی کنید و آنجا بخوانید 📋
armour-often =
    بسیار پرسیدید. یک ساعت بعد باز بپرسید ⏳
offline-page =
    این فایل را نگاه دارید. بعد بازش کنید. بی‌انترنت کار می‌کند 📄
    شمارهٔ آن، برای مقایسه 🔎
    { $hash }
    یک ساعت بعد از این چت پاک می‌شود 🗑
offline-none =
    چنین صفحه اینجا نیست 📄
    دکمهٔ «باز کردن» را بزنید. آنجا بخوانید و بنویسید 📱

button-open = 📱 باز کردن
button-help = ❓ کمک
button-permissions = 🔐 اجازه‌های من
button-language = 🌐 زبان
button-verify = 🔎 ربات درست است؟
button-stop = 🛑 توقف
button-english = English
button-dari = دری
button-pashto = پښتو
button-silence = 🔕 بی‌صدا
button-withdraw = ✋ پس گرفتن رضایت
button-erase = 🗑 پاک کردن
button-signals = 🔔 دوباره خبر بده
button-relative = 👂 پرسیدن خبر

command-start = شروع
command-language = زبان
command-help = کمک
command-verify = آیا این ربات درست است؟
command-stop = توقف
command-offline = وقتی «باز کردن» کار نمی‌کند

officer-bound =
    این حساب وصل شد به 🪪
    { $role }
    فرمان‌ها ⌨️
    /whoami /queue /case /household /fact /intent /vet /assign /invite /offboard /duty /notreached /consents /report /departures /departure /quota /board /standby /notices /approve /offer /lend /cancel /threat /outcome /conditions /airport /threads /office /staff /audit
    تنها کُد بنویسید. نام، جای و متن ننویسید 🔒
officer-whoami =
    شما هستید 🪪
    { $role }
    وظیفه‌ها 👔
    { $duties }
officer-queue =
    پیام‌هایی که هیچ میز نگرفته است: { $unread } 📥
    انتظار کهنه‌ترین: { $age } ⏳
    ثبت‌نام‌ها برای بررسی: { $enrolments } 👤
    تلفن‌های نوِ اشخاص شناخته‌شده برای بررسی: { $phones } 📱
    ثبت‌نام‌های بسته: { $frozen } ⚠️
    پیشنهادها برای تأیید: { $proposals } 📝
officer-daily =
    امروز صبح 🌅
    پیام‌هایی که هیچ میز نگرفته است: { $unread } 📥
    جواب‌های دیرشده: { $overdue } ⏰
    ثبت‌نام‌ها برای بررسی: { $enrolments } 👤
    پیشنهادها برای تأیید: { $proposals } 📝
    خبرهای نگه‌داشته: { $withheld } ⚠️
    خبرهایی که باید دوباره مُهر شود: { $stale } 🔁
    سفرها در دو روز آینده: { $departures } 🧭
    از آن‌ها، آماده نیست: { $lacking } 🛑
officer-threads =
    دفترهایی که با ما می‌نویسند: { $partners } 🏛
    پیام‌های آنان که هیچ میز نگرفته است: { $unread } 📥
    ما باید برسانیم: { $mediate } 🤝
    نزد ما نگه داشته شده: { $held } ✋
    از ما، در انتظار میانجی: { $asked } ⏳
    از ما، رسانده شد: { $passed } ✅
    از ما، پس فرستاده شد: { $returned } ↩️
officer-waiting = { $count } پیام · { $age }
officer-case =
    پرونده 📁
    { $alias }
    حالت: { $state } 📌
    آشنا از: { $since } 🗓
    آخرین خبر، پیش از: { $heard } 👂
    اجازهٔ پیام: { $messages } ✉️
    اجازهٔ سفر: { $departures } 🧭
    بی‌صدا: { $paused } 🔕
    ناخوانده: { $unread } 📥
    کهنه‌ترین ناخوانده: { $age } ⏳
    مسئول: { $role } 👔
officer-offer =
    سفر 🏷
    { $code }
    حالت: { $state } 📌
officer-not-allowed =
    وظیفهٔ شما این را اجازه نمی‌دهد 🚫
officer-see-desk =
    اکنون نه. میز خود را ببینید 🚫
officer-case-unknown =
    چنین کُد اینجا نیست 📁
officer-invite =
    پیشنهاد ثبت شد 📝
    { $proposal }
    در میز خود تأیید کنید 💻
    qasid-desk confirm
    نامه آنجا ساخته می‌شود. در این چت هیچ راز نیست 🔒
officer-departures = شمار سفرها: { $count } 🧭
officer-departure =
    سفر 🏷
    { $code }
    حالت: { $state } 📌
    شمار چوکی‌ها: { $seats } 💺
    نگه‌داشته: { $held } ✋
    تأییدشده: { $confirmed } ✅
officer-departures-withheld =
    خبرهای سفر که فرستاده نشد: { $count } ⚠️
    میز خود را ببینید 💻
    qasid-desk notice list
officer-movement =
    سفر 🧭
    { $code }
    حالت: { $state } 📌
    مسیر: { $route } 🛣
    حرکت: { $kabul } 🕰
    به وقت UTC: { $utc } 🌐
    از: { $own } 🏛
    شمار چوکی‌ها: { $seats } 💺
    قرض داده شده: { $lent } 🤝
    نگه‌داشته: { $held } ✋
    تأییدشده: { $confirmed } ✅
    سوار شده: { $boarded } 🎫
    منتظر چوکی: { $waiting } ⏳
    خبرها: رفته { $released } · در نوبت { $scheduled } · نگه‌داشته { $withheld } ✉️
    { $go }
officer-quota =
    چوکی‌ها به حساب دفتر 💺
    { $code }
officer-quota-office =
    دفتر 🏛
    { $office }
    شمار چوکی‌ها: { $seats } 💺
    نگه‌داشته: { $held } ✋
    تأییدشده: { $confirmed } ✅
    باقی‌مانده: { $left } 🆓
officer-board =
    چه کسی می‌رود و چه کسی رفت 🎫
    { $code }
officer-board-own =
    دفتر 🏛
    { $office }
    برنامه شده: { $planned } 💺
    نگه‌داشته: { $held } ✋
    پذیرفته: { $accepted } ✅
    سوار شده: { $boarded } 🎫
    نیامده: { $missed } 🚫
    آمد، برده نشد: { $left } ⚠️
officer-board-guest =
    دفتر 🏛
    { $office }
    برنامه شده: { $planned } 💺
    نگه‌داشته: { $held } ✋
    پذیرفته: { $accepted } ✅
officer-standby =
    سفر 🧭
    { $code }
    منتظر چوکی، به ترتیب فراخواندن: { $count } ⏳
officer-standing-by =
    نوبت: { $place } 🔢
    پرونده 📁
    { $alias }
    درجه: { $rank } 🏷
    در انتظار از: { $age } ⏳
    چند نفر: { $party } 👥
    خبر سفر: { $state } ✉️
officer-notices = خبرهای سفر: { $count } ✉️
officer-notices-stale =
    باید دوباره مُهر شود: { $notices } 🔁
    نسخه‌هایی که باز نمی‌شد: { $copies } 📱
    میز خود را ببینید 💻
    qasid-desk notice list
officer-notice =
    شماره 🔢
    { $number }
    خبر: { $kind }، نسخهٔ { $version } ✉️
    سفر 🧭
    { $code }
    حالت: { $state } 📌
    برای: { $recipients } 👥
    رسیده به: { $fetched } 📥
    پاسخ: بلی { $accepted } · نی { $declined } · کمک { $help } 💬
officer-notice-scheduled =
    شماره 🔢
    { $number }
    خبر: { $kind }، نسخهٔ { $version } ✉️
    سفر 🧭
    { $code }
    حالت: { $state } 📌
    برای: { $recipients } 👥
    می‌رود پس از: { $left } ⏳
officer-notice-withheld =
    شماره 🔢
    { $number }
    خبر: { $kind }، نسخهٔ { $version } ✉️
    سفر 🧭
    { $code }
    حالت: { $state } 📌
    برای: { $recipients } 👥
    دلیل: { $why } ⚠️
officer-approve =
    کسی تأیید کرده، هنوز مُهر نشده: { $count } 🖋
    در میز خود بخوانید و تأیید کنید 💻
    qasid-desk notice list
    در این چت چیزی تأیید نمی‌شود 🔒
officer-prepared =
    شماره 🔢
    { $number }
    تأییدکننده: { $role } 👔
    آخرین تأیید، پیش از: { $age } 🕰
officer-to-sign =
    پیشنهاد ثبت شد 📝
    { $proposal }
    در میز خود تأیید و بعد امضا کنید 💻
    qasid-desk confirm
    هنوز هیچ چیز تغییر نکرده است 🔒
officer-asks-cancel =
    همکاری می‌خواهد این لغو شود ✋
    { $subject }
    پیشنهاد از: { $role } 👔
    در میز خود تأیید کنید و همان‌جا امضا کنید 💻
    qasid-desk confirm
officer-asks-threat =
    همکاری می‌خواهد این هشدار فرستاده شود ⚠️
    { $subject }
    پیشنهاد از: { $role } 👔
    در میز خود تأیید کنید و همان‌جا امضا کنید 💻
    qasid-desk confirm
officer-asks-review =
    هشداری رفته است که تنها یک کارمند امضا کرده ⚠️
    { $number } 🔢
    در میز خود بخوانید و بگویید که با آن موافق‌اید یا نه 💻
    qasid-desk notice review { $number }
officer-movement-unknown =
    چنین کُد اینجا نیست 🧭
officer-movement-off =
    دفتر صاحب این سفر آن را لغو کرد، و شما در آن چوکی دارید 🛑
    سفر 🧭
    { $code }
    خبرهای شما که رفته یا باید برود: { $notices } ✉️
    در میز خود لغوشان کنید، تا مردم باخبر شوند 💻
    qasid-desk notice list
officer-conditions =
    سفر 🧭
    { $code }
    { $go }
    مسیر: { $route } 🛣
officer-condition =
    شرط: { $condition }، { $state } 📋
    منبع: { $grade } 📣 · از { $age } پیش 🕰 · اعتبار: { $left } ⏳
officer-condition-lacks =
    شرط: { $condition }، { $state } 📋
    منبع: { $grade } 📣 · از { $age } پیش 🕰 · اعتبار: { $left } ⏳
    کمبود: { $lacks } ⚠️
officer-conditions-lack =
    راه آماده نیست ⚠️
    { $code }
    { $lacking }
    هیچ خبری که مردم را به آنجا بفرستد نمی‌رود 🛑
    میز خود را ببینید 💻
    qasid-desk condition list
officer-lacks = شرط { $condition }: { $why } 📋
officer-routes = حالت مسیرها 🛣
officer-routes-none = هیچ‌کس درباره هیچ مسیر چیزی نگفته است 🛣
officer-status =
    مسیر 🛣
    { $route }
    حالت: { $status } 📌 · منبع: { $grade } 📣
    از { $age } پیش 🕰 · اعتبار: { $left } ⏳
    گوینده: { $own } 👤
officer-integrity =
    ثبت‌های سرور با هم نمی‌خوانند: 🛑
    { $what }
    به مسئول سرور بگویید. آنجا: 💻
    qasid ledger verify
    qasid audit verify
integrity-ledger = دفتر جاها 🎫
integrity-audit = دفتر رویدادها 📜
officer-withheld =
    وقت یک خبر سفر رسید ولی فرستاده نشد ⚠️
    میز خود را ببینید 💻
    qasid-desk notice list
officer-household =
    خانوار 🏠
    { $alias }
    حالت: { $state } 📌
    بزرگسالان: { $adults } 👥
    خردسالان: { $minors } 👶
    نیازها: { $needs } 🤝
    کارمند: { $preferred } 👔
    زبان: { $language } 🌐
    خواست: { $intent } 🧭
    بررسی: { $verified } 🔎
    مسئول: { $role } 👔
officer-minor = عضو { $member }: خردسال، سرپرست { $guardian }، { $assent } 👶
officer-fact =
    نکته: { $fact } 📎
    پاسخ: { $answer } 💬
    حالت پیش از: { $age } ⏳
officer-proposed =
    پیشنهاد ثبت شد 📝
    { $proposal }
    در میز خود تأیید کنید 💻
    qasid-desk confirm
    هنوز هیچ چیز تغییر نکرده است 🔒
officer-audit = آخرین نوشته‌های دفتر رویدادها 📜
officer-audit-none = چنین نوشته نیست 📜
officer-entry =
    پیش از: { $age } 🕰
    چه: { $event } ✏️
    که: { $role } 👔
    دربارهٔ: { $subject } 📁
officer-staff = شمار کارمندان: { $count } 👥
officer-officer =
    کارمند 🪪
    { $role }
    وظیفه‌ها: { $duties } 👔
    دستگاه‌ها: { $devices } 💻
    تا پایان وظیفه: { $left } ⏳
officer-office =
    این دفتر 🏛
    فهرست کارمندان: { $version } 📖
    تا پایان اعتبار: { $left } ⏳
    کارمندان: { $officers } 👥
    دستگاه‌ها: { $devices } 💻
    پرونده‌ها: { $cases } 📁
officer-codes-only =
    پاک شد. تنها کُد، بدون متن 🗑
    این‌گونه بنویسید ⌨️
    { $example }
officer-queued =
    پرونده 📁
    { $alias }
    در انتظار از: { $age } ⏳
    ناخوانده: { $unread } 📥
    پاسخ دیر شده از: { $overdue } ⏰
    مسئول: { $role } 👔
officer-duty-on =
    شما سر وظیفه هستید: زنگ شما می‌آید 🔔
    دیگران سر وظیفه: { $count } 👥
officer-duty-off =
    شما سر وظیفه نیستید 🔕
    از: { $age } ⏳
    دیگران سر وظیفه: { $count } 👥
    اگر هیچ کس سر وظیفه نباشد یا چیزی دیر بماند، زنگ شما می‌آید ⚠️
officer-help = فرمان‌های شما ⌨️
button-over = این دکمه دیگر کار نمی‌کند. فرمان را دوباره بنویسید ⌛
button-next = بعدی ⏩
button-queue = در انتظار 📥
button-departures = سفرها 🧭
button-conditions = آماده یا نه 📋
button-quota = چوکی‌های هر دفتر 💺
button-board = سوار شدن 🎫
button-standby = منتظران ⏳
button-notices = خبرها ✉️
button-approve = برای تأیید 🖋
button-airport = مسیرها 🛣
button-duty = وظیفه 🔔
button-staff = کارمندان 👥
button-office = دفتر 🏛
button-audit = دفتر رویدادها 📜
button-whoami = من کیستم 🪪
button-confirm = تأیید ✅
button-duty-on = سر وظیفه 🔔
button-duty-off = پایان وظیفه 🔕
officer-report =
    خانوارهای باز: { $count } 📊
    کمتر از 5 و آنچه آن را فاش کند نشان داده نمی‌شود 🔒
report-line =
    نکته: { $fact } 📎
    { $answer }
report-cell = پاسخ { $answer }: { $count } 💬
report-dated = { $count } (کهنه‌ترین، پیش از: { $age })
report-hidden = نشان داده نمی‌شود
report-intent = می‌خواهد برود
button-report = 📊 گزارش
officer-notreached = به آنان نرسیدیم: { $count } 📵
officer-tried =
    پرونده 📁
    { $alias }
    کوشش از: { $since } ⏳
    آخرین کوشش، پیش از: { $age } 🕰
    شمار کوشش‌ها: { $count } 🔁
    مسئول: { $role } 👔
button-notreached = نرسیدیم 📵
officer-consents =
    پس گرفته شده، دیگران هنوز تأیید نکرده‌اند: { $count } ✋
    پس گرفته شده، ما باید نابود کنیم: { $ours } 🔥
    دیرترین از: { $age } ⏳
officer-laggard =
    دفتر 🏛
    { $office }
    تأیید نشده: { $count } ✋
    دیرترین از: { $age } ⏳
button-consents = پس گرفته شده ✋

duty-coordinator = هماهنگ‌کننده
duty-caseworker = مسئول پرونده
duty-liaison = رابط
duty-auditor = بازرس
duty-host = مدیر میزبان
duty-confirmer = تنها تأیید می‌کند
state-invited = نامه هنوز به کار نرفته
state-pending = باید بررسی شود
state-enrolled = ثبت شده
state-frozen = بسته: دو ثبت‌نام
state-refused = رد شده
state-wiped = پاک شده
movement-planned = برنامه شده
movement-open = باز
movement-called = فراخوانده
movement-departed = حرکت کرده
movement-arrived = رسیده
movement-cancelled = لغو شده
notice-scheduled = در نوبت
notice-withheld = نگه‌داشته
notice-released = رفته
notice-replaced = جایش را خبر نو گرفته
notice-cancelled = لغو شده
notice-expired = زمان گذشته
kind-come = بیایید
kind-change = تغییر
kind-advisory = آگاهی
kind-threat = هشدار
why-roster = اعتبار فهرست کارمندان گذشته است
why-approvals = یک تأیید دیگر اعتبار ندارد
why-sender = مُهرکننده دیگر کارمند نیست
why-movement = سفر لغو شده یا رفته است
why-conditions = راه آماده نیست
why-warned = هشداری پس از تأیید آن آمد
why-restored = از نسخهٔ پشتیبان آمده است
go = آماده ✅
no-go = نباید رفت 🛑
condition-security = امنیت
condition-airport = میدان هوایی
condition-crossing = گذرگاه
condition-permit = اجازه‌نامه
condition-carrier = ترانسپورت
condition-reception = پذیرش
condition-medical = صحی
condition-weather = هوا
condition-route = مسیر
state-green = سبز 🟢
state-doubt = در تردید 🟡
state-red = سرخ 🔴
state-unknown = نامعلوم ⚪
grade-official = رسمی
grade-partner = همکار
grade-media = رسانه
grade-rumour = آوازه
lacks-unknown = کسی چیزی نگفته
lacks-red = سرخ
lacks-expired = زمان گذشته
lacks-unofficial = منبع رسمی نیست
lacks-closed = بسته
route-passable = می‌شود رفت
route-unknown = خبر رسمی نیست
route-closed = بسته
status-discussion = زیر گفتگو
status-technical = تنها کار فنی
status-limited = محدود
status-open = باز
status-closed = بسته
said-own = دفتر ما
said-other = دفتر دیگر
offer-standby = منتظر چوکی
offer-held = نگه‌داشته
offer-accepted = پذیرفته
offer-declined = رد شده
offer-expired = زمان گذشته
offer-withdrawn = پس گرفته
offer-boarded = سوار شده
offer-no-show = نیامده
offer-not-lifted = آمد، برده نشد
household-open = باز
household-arrived = بسته: رسید
household-withdrew = بسته: نخواست
household-erased = بسته: پاک شد
assent-agreed = موافق است
assent-small = موافق است، برای پرسیدن بسیار خرد
assent-declined = موافق نیست
assent-none = پرسیده نشده
need-mobility = کمک برای راه رفتن
need-medical = کمک صحی
need-infant = نوزاد
need-interpreter = ترجمان
need-escort = همراه
prefer-none = فرق نمی‌کند
prefer-female = زن
prefer-male = مرد
intent-wants = می‌خواهد
intent-unsure = نامطمئن
intent-no = نمی‌خواهد
answer-yes = بلی
answer-no = نی
answer-yes-estimated = بلی، تخمینی
answer-no-estimated = نی، تخمینی
answer-unknown = معلوم نیست
fact-requested = کمک خواسته است
fact-identified = شناسایی شده است
fact-ready = آماده است
fact-documents = سند دارد
fact-offered = چوکی پیشنهاد شده است
vet-none = هیچ
vet-claimed = هنوز هیچ کس
vet-once = یک کارمند
vet-verified = دو کارمند
vet-refused = رد شده
vet-revoked = پس گرفته شده
vet-expired = زمان گذشته
yes = بلی
no = نی
nothing = –
erased = پاک‌شده { $mark }
age-minutes = { $minutes } دقیقه
age-hours = { $hours } ساعت و { $minutes } دقیقه
age-days = { $days } روز و { $hours } ساعت
event-office-admitted = دفتر پذیرفته شد
event-office-registered = دفتر ثبت شد
event-roster-followed = فهرست نو کارمندان
event-account-bound = حساب تلگرام وصل شد
event-invited = نامه ساخته شد
event-invitation-voided = نامه باطل شد
event-invitation-proposed = نامه پیشنهاد شد
event-proposal-confirmed = پیشنهاد تأیید شد
event-proposal-rejected = پیشنهاد رد شد
event-enrolment-asked = تلفن ثبت می‌خواهد
event-enrolment-frozen = دو تلفن، یک نامه
event-new-phone-asked = یک تلفن نو می‌خواهد جای تلفن یک شخص شناخته‌شده را بگیرد
event-new-phone-vouched = یک کارمند تلفن نوِ یک شخص شناخته‌شده را تأیید کرد
event-device-asked = تلفن یک شخص، دستگاه دوم می‌خواهد
event-card-change-vouched = یک کارمند تغییر دستگاه‌های یک شخص را تأیید کرد
event-card-change-refused = تغییر دستگاه‌های یک شخص رد شد
event-enrolment-refused = تلفن رد شد
event-card-taken = تلفن تأیید شد
event-contact-claimed = یک کارمند به این شخص می‌رسد
event-contact-released = شخص برای هر کارمند دیگر آزاد شد
event-referrals-opened = دفتر برای اشخاص بدون نامه باز شد
event-referrals-closed = دفتر برای اشخاص بدون نامه بسته شد
event-referrals-listed = فهرست اشخاص بدون نامه دیده شد
event-referral-asked = کسی بدون نامه درخواست داد
event-referral-vouched = یک کارمند تلفن بدون نامه را تأیید کرد
event-referral-refused = شخص بدون نامه رد شد
event-referral-forgotten = شخص بدون نامه فراموش شد
event-case-read = پرونده دیده شد
event-consent-given = رضایت داده شد
event-consent-withdrawn = رضایت پس گرفته شد
event-consent-lapsed = رضایت پس از یک سال پایان یافت
event-assent-given = سرپرست و خردسال موافقت کردند
event-assent-refused = سرپرست یا خردسال موافقت نکرد
event-assent-lapsed = موافقت برای یک خردسال پس از یک سال پایان یافت
event-sponsor-invited = لینک برای یک خویشاوند در خارج ساخته شد
event-sponsor-bound = خویشاوند در خارج لینک را باز کرد
event-sponsor-asked = به خویشاوند در خارج گفته شد آخرین خبر از چه وقت است
event-sponsors-ended = لینک‌های خویشاوندان در خارج پایان یافت
event-device-wiped = تلفن پاک شد
event-duplicates-read = دیده شد که چه کسانی یک حساب دارند
event-contacts-merged = دو ثبتِ یک شخص یکی شد
event-contact-erased = یک شخص پاک شد
event-movement-planned = سفر برنامه شد
event-movement-opened = سفر باز شد
event-movement-called = مردم فراخوانده شدند
event-movement-departed = سفر حرکت کرد
event-movement-arrived = سفر رسید
event-movement-cancelled = سفر لغو شد
event-condition-said = شرط ثبت شد
event-composition-said = ترکیب مسافران نوشته شد
event-headcount-made = شمار مسافران گرفته شد
event-manifest-sent = فهرست مسافران با امضای دو مأمور فرستاده شد
event-manifest-written = فهرست مسافران در فایل نوشته شد
event-status-said = حالت مسیر اعلان شد
event-standby-promoted = چوکی به منتظر داده شد
event-silent-read = فهرست بی‌جواب‌ها دیده شد
event-hold-expired = چوکی نگه‌داشته برگشت: جواب نیامد
event-seats-lent = چوکی به دفتر دیگر قرض داده شد
event-lend-withdrawn = قرض چوکی پس گرفته شد
event-seats-borrowed = چوکی قرضی قبول شد
event-seats-given-back = برگشتاندن چوکی قرضی پیشنهاد شد
event-seats-returned = چوکی قرضی برگشت
event-outcome-recorded = سوار شدن ثبت شد
event-safety-checks-read = فهرست بررسی‌های سلامتی دیده شد
event-safety-check-closed = بررسی سلامتی بسته شد
event-notice-approved = خبر سفر تأیید شد
event-notice-scheduled = خبر سفر در نوبت شد
event-notice-sealed-anew = خبر سفر دوباره مُهر شد
event-notice-released = خبر سفر فرستاده شد
event-notice-withheld = خبر سفر نگه داشته شد
event-notice-cancelled = خبر سفر لغو شد
event-partner-accepted = دفتر همکار پذیرفته شد
event-partner-ended = همکاری دفتر پایان یافت
event-missive-sent = پیام به دفتری دیگر
event-missive-received = پیام از دفتری دیگر
event-missive-passed-on = پیام رسانده شد
event-missive-held = پیام نگه داشته شد
event-missive-returned = پیام پس فرستاده شد
event-disclosed = به دفتر دیگر سپرده شد
event-withdrawal-received = پس گرفته شد: باید نابود شود
event-withdrawal-acknowledged = نابودی تأیید شد
event-change-proposed = تغییر پیشنهاد شد
event-cases-listed = فهرست خانوارها دیده شد
event-case-opened = پروندهٔ خانوار باز شد
event-case-closed = پروندهٔ خانوار بسته شد
event-member-added = عضو افزوده شد
event-member-removed = عضو برداشته شد
event-needs-set = نیازها نوشته شد
event-fact-recorded = یک نکته نوشته شد
event-intent-recorded = خواست خانوار نوشته شد
event-case-claimed = خانوار باید بررسی شود
event-case-confirmed = یک کارمند تأیید کرد
event-case-verified = دو کارمند تأیید کردند
event-case-refused = خانوار رد شد
event-case-revoked = تأیید پس گرفته شد
event-duty-begun = سر وظیفه آمد
event-duty-ended = از وظیفه رفت
event-queue-read = فهرست انتظار دیده شد
event-report-made = گزارش ساخته شد
event-assigned = مسئول تعیین شد
event-unassigned = مسئولیت پایان یافت
event-offboarding-proposed = برکناری کارمند پیشنهاد شد
event-attempt-recorded = کوشش برای تماس نوشته شد
event-not-reached-read = فهرست نرسیده‌ها دیده شد
event-unrung-read = فهرست کسانی که زنگ به آنان نرسید دیده شد
