# په چټ کې د بوټ خبرې. چټ په ټلیفون کې ښکاري: دلته باید ونه پوهېدل شي چې قاصد د څه لپاره دی.
# په هره کرښه کې یوه خبره. کوډ او شمېره په خپله کرښه کې.

welcome =
    په دې چټ کې څه مه لیکئ 🔒
    د «پرانیستل» تڼۍ ووهئ. هلته ولولئ او ولیکئ 📱
    خپل لیک وساتئ. اپلیکېشن یې غواړي ✉️
welcome-letter =
    تاسې لیک لرئ ✉️
    د «پرانیستل» تڼۍ ووهئ. اپلیکېشن لیک غواړي 📱
    په دې چټ کې څه مه لیکئ 🔒
doorbell =
    ستاسې لپاره څه شته ✉️
    پرانیزئ او ولولئ 📱
typed =
    مهرباني وکړئ دلته مه لیکئ 🚫
    ستاسې لیکنه پاکه شوه 🗑
    ستاسې لیکنه ونه ساتل شوه 🔒
    د «پرانیستل» تڼۍ ووهئ. هلته ولیکئ 📱
help =
    پرانیستل: خوندي لوستل او لیکل 📱
    زما اجازې: په اپلیکېشن کې یې وګورئ او بدلې کړئ 🔐
    ژبه: خپله ژبه وټاکئ 🌐
    بوټ سم دی؟ څنګه یې معلومولای شئ 🔎
    خبر درکول: چالان یا غلی 🔔
    درول: بې غږه، د رضایت بېرته اخیستل یا پاکول 🛑
    په دې چټ کې څه مه لیکئ 🔒
code-current =
    دا خبر لا سم دی ✅
    ستاسو ټیلیفون وايي چې څه وخت لاړ شئ. تر هغې پر ځای پاتې شئ 🤚
code-replaced =
    نوي خبر د دې خبر ځای ونیو 🔁
    اپ پرانیزئ او نوی خبر ولولئ 📱
    د زاړه خبر له مخې مه ځئ 🤚
code-cancelled =
    دا خبر لغوه شو 🛑
    مه ځئ 🤚
code-unknown =
    د دې شمېرې هېڅ خبر اوس د اعتبار وړ نه دی ❓
    د هغه له مخې مه ځئ. له خپل دفتر پوښتنه وکړئ 🤚
code-often =
    ډېر مو وپوښتل. یو ساعت وروسته بیا وپوښتئ ⏳
    څو چې نه پوهېږئ، پر ځای پاتې شئ 🤚
verify =
    هېڅ بوټ نه شي ثابتولای چې رښتینی دی ⚠️
    خپل لیک راواخلئ 📄
    په لیک کې یو نوم دی. د دې بوټ نوم دا دی 👀
    { $bot }
    نوم هماغه دی، توری په توری: دوام ورکړئ ✅
    نوم بل دی: دا چټ وتړئ. له هغو کسانو وپوښتئ چې لیک یې درکړی دی ❌
    هېڅوک حق نه لري چې له تاسې پیسې وغواړي 💰
language-question = خپله ژبه وټاکئ 🌐
language-set = پښتو ✅
stop-question =
    څه غواړئ؟ 🛑
    بې غږه: زه غلی پاتې کېږم. اپلیکېشن کار کوي 🔕
    د رضایت بېرته اخیستل: نور تاسې ته څه نه لېږل کېږي ✋
    پاکول: ستاسې په اړه هر څه پاکېږي 🗑
stop-silence =
    اوس غلی یم 🔕
    اپلیکېشن لا هم کار کوي 📱
stop-withdraw =
    اوس غلی یم 🔕
    یو بل ګام: اپلیکېشن پرانیزئ او «د رضایت بېرته اخیستل» ووهئ ✋
    یوازې ستاسې خپل ټلیفون دا کولای شي 🔑
    ټلیفون ورک شو؟ هغو کسانو ته ووایئ چې لیک یې درکړی دی 📞
stop-erase =
    اوس غلی یم 🔕
    یو بل ګام: اپلیکېشن پرانیزئ او «پاکول» ووهئ 🗑
    یوازې ستاسې خپل ټلیفون دا کولای شي 🔑
    ټلیفون ورک شو؟ هغو کسانو ته ووایئ چې لیک یې درکړی دی 📞
signals-on =
    بیا خبر درکوم 🔔
relative-linked =
    وشو. د دې لینک شمېره ✅
    { $number }
    خبر دلته وپوښتئ 👂
    /relative
    په دې چټ کې بل څه مه لیکئ 🔒
relative-none = د څه ښودلو اجازه نشته 👂
relative-news = وروستی ځل چې خبر راغی 👂
relative-recent =
    { $number }
    په تېرو دوو ورځو کې 🕰
relative-week =
    { $number }
    په تېره یوه اوونۍ کې 🕰
relative-longer =
    { $number }
    له یوې اوونۍ مخکې 🕰
relative-never =
    { $number }
    لا نه 🕰
armour-taken =
    واخیستل شو. په لاره کې دی ✅
    ستاسې پیغام له دې چټ پاکېږي 🗑
armour-received =
    راورسېد ✅
    ستاسې پیغام له دې چټ پاکېږي 🗑
armour-letters =
    دا ستاسې لیکونه دي. مهر شوي دي ✉️
    هر یو په خپله پاڼه کې کاپي کړئ او هلته یې ولولئ 📋
    یو ساعت وروسته له دې چټ پاکېږي 🗑
armour-more =
    دا ستاسې لیکونه دي. مهر شوي دي ✉️
    هر یو په خپله پاڼه کې کاپي کړئ او هلته یې ولولئ 📋
    نور لیکونه هم شته. هغه څه ولېږئ چې پاڼه یې بیا درکوي ➕
    یو ساعت وروسته له دې چټ پاکېږي 🗑
armour-none =
    اوس ستاسې لپاره څه نشته 📭
armour-part =
    یوه برخه یې راورسېده، ټول نه 🧩
    پاتې برخه اوس ولېږئ 📨
    یا ټول بیا ولېږئ، د فایل په بڼه 📄
armour-damaged =
    دا بشپړ نه دی. وانه خیستل شو 🧩
    بیا یې ولېږئ، د فایل په بڼه 📄
armour-late =
    دا ډېر زوړ دی، یا مخکې کارول شوی. وانه خیستل شو 🕰
    وګورئ چې ستاسې ټلیفون سمه ورځ او سم ساعت ښيي ⌚
    په خپله پاڼه کې یو نوی جوړ کړئ او ویې لېږئ 🔁
armour-refused =
    دا وانه خیستل شو ❌
    کله چې مو وکولای شول «پرانیستل» ووهئ. اپلیکېشن وايي چې ولې 📱
armour-yours =
    دا ستاسې لپاره لیک دی. څه ونه لېږل شول ✉️
    په خپله پاڼه کې یې کاپي کړئ او هلته یې ولولئ 📋
armour-often =
    ډېر مو وپوښتل. یو ساعت وروسته بیا وپوښتئ ⏳
offline-page =
    دا فایل وساتئ. بیا یې پرانیزئ. بې انټرنېټه کار کوي 📄
    شمېره یې، د پرتله کولو لپاره 🔎
    { $hash }
    یو ساعت وروسته له دې چټ پاکېږي 🗑
offline-none =
    داسې پاڼه دلته نشته 📄
    د «پرانیستل» تڼۍ ووهئ. هلته ولولئ او ولیکئ 📱

button-open = 📱 پرانیستل
button-help = ❓ مرسته
button-permissions = 🔐 زما اجازې
button-language = 🌐 ژبه
button-verify = 🔎 بوټ سم دی؟
button-stop = 🛑 درول
button-english = English
button-dari = دری
button-pashto = پښتو
button-silence = 🔕 بې غږه
button-withdraw = ✋ د رضایت بېرته اخیستل
button-erase = 🗑 پاکول
button-signals = 🔔 بیا خبر راکړه
button-relative = 👂 د خبر پوښتل

command-start = پیل
command-language = ژبه
command-help = مرسته
command-verify = آیا دا بوټ سم دی؟
command-stop = درول
command-offline = کله چې «پرانیستل» کار نه کوي

officer-bound =
    دا حساب ونښلول شو له 🪪
    { $role }
    امرونه ⌨️
    /whoami /queue /case /household /fact /intent /vet /assign /invite /offboard /duty /notreached /consents /report /departures /departure /quota /board /standby /notices /approve /offer /lend /cancel /threat /outcome /conditions /airport /threads /office /staff /audit
    یوازې کوډ ولیکئ. نوم، ځای او متن مه لیکئ 🔒
officer-whoami =
    تاسې یئ 🪪
    { $role }
    دندې 👔
    { $duties }
officer-queue =
    هغه پیغامونه چې هېڅ مېز نه دي اخیستي: { $unread } 📥
    د تر ټولو زاړه انتظار: { $age } ⏳
    د کتلو نوم‌لیکنې: { $enrolments } 👤
    د پېژندل شویو کسانو د کتلو نوي ټلیفونونه: { $phones } 📱
    تړل شوې نوم‌لیکنې: { $frozen } ⚠️
    د تایید وړاندیزونه: { $proposals } 📝
officer-daily =
    نن سهار 🌅
    هغه پیغامونه چې هېڅ مېز نه دي اخیستي: { $unread } 📥
    ځنډېدلي ځوابونه: { $overdue } ⏰
    د کتلو نوم‌لیکنې: { $enrolments } 👤
    د تایید وړاندیزونه: { $proposals } 📝
    ساتل شوي خبرونه: { $withheld } ⚠️
    هغه خبرونه چې باید بیا مهر شي: { $stale } 🔁
    په راتلونکو دوو ورځو کې سفرونه: { $departures } 🧭
    له هغو نه چمتو نه دي: { $lacking } 🛑
officer-threads =
    هغه دفترونه چې له موږ سره لیکي: { $partners } 🏛
    د هغوی پیغامونه چې هېڅ مېز نه دي اخیستي: { $unread } 📥
    موږ یې باید ورسوو: { $mediate } 🤝
    له موږ سره ساتل شوي: { $held } ✋
    زموږ، منځګړي ته په تمه: { $asked } ⏳
    زموږ، رسول شوي: { $passed } ✅
    زموږ، بېرته لېږل شوي: { $returned } ↩️
officer-waiting = { $count } پیغام · { $age }
officer-case =
    دوسیه 📁
    { $alias }
    حالت: { $state } 📌
    پېژندل شوی له: { $since } 🗓
    وروستی خبر، مخکې له: { $heard } 👂
    د پیغام اجازه: { $messages } ✉️
    د سفر اجازه: { $departures } 🧭
    بې غږه: { $paused } 🔕
    نالوستي: { $unread } 📥
    تر ټولو زوړ نالوستی: { $age } ⏳
    مسؤول: { $role } 👔
officer-offer =
    سفر 🏷
    { $code }
    حالت: { $state } 📌
officer-not-allowed =
    ستاسې دنده دا اجازه نه ورکوي 🚫
officer-see-desk =
    اوس نه. خپل مېز وګورئ 🚫
officer-case-unknown =
    داسې کوډ دلته نشته 📁
officer-invite =
    وړاندیز ثبت شو 📝
    { $proposal }
    په خپل مېز کې یې تایید کړئ 💻
    qasid-desk confirm
    لیک هلته جوړېږي. په دې چټ کې هېڅ راز نشته 🔒
officer-departures = د سفرونو شمېر: { $count } 🧭
officer-departure =
    سفر 🏷
    { $code }
    حالت: { $state } 📌
    د څوکیو شمېر: { $seats } 💺
    ساتل شوې: { $held } ✋
    تایید شوې: { $confirmed } ✅
officer-departures-withheld =
    د سفر نالېږل شوي خبرونه: { $count } ⚠️
    خپل مېز وګورئ 💻
    qasid-desk notice list
officer-movement =
    سفر 🧭
    { $code }
    حالت: { $state } 📌
    لار: { $route } 🛣
    تګ: { $kabul } 🕰
    وخت په UTC: { $utc } 🌐
    د چا: { $own } 🏛
    د څوکیو شمېر: { $seats } 💺
    په پور ورکړل شوې: { $lent } 🤝
    ساتل شوې: { $held } ✋
    تایید شوې: { $confirmed } ✅
    سپاره شوي: { $boarded } 🎫
    د څوکۍ په تمه: { $waiting } ⏳
    خبرونه: لېږل شوي { $released } · په وار کې { $scheduled } · ساتل شوي { $withheld } ✉️
    { $go }
officer-quota =
    د هر دفتر څوکۍ 💺
    { $code }
officer-quota-office =
    دفتر 🏛
    { $office }
    د څوکیو شمېر: { $seats } 💺
    ساتل شوې: { $held } ✋
    تایید شوې: { $confirmed } ✅
    پاتې: { $left } 🆓
officer-board =
    څوک ځي او څوک لاړل 🎫
    { $code }
officer-board-own =
    دفتر 🏛
    { $office }
    پلان شوې: { $planned } 💺
    ساتل شوې: { $held } ✋
    منل شوې: { $accepted } ✅
    سپاره شوي: { $boarded } 🎫
    رانغلل: { $missed } 🚫
    راغلل، ونه وړل شول: { $left } ⚠️
officer-board-guest =
    دفتر 🏛
    { $office }
    پلان شوې: { $planned } 💺
    ساتل شوې: { $held } ✋
    منل شوې: { $accepted } ✅
officer-standby =
    سفر 🧭
    { $code }
    د څوکۍ په تمه، د رابللو په وار: { $count } ⏳
officer-standing-by =
    وار: { $place } 🔢
    دوسیه 📁
    { $alias }
    درجه: { $rank } 🏷
    په تمه له: { $age } ⏳
    څو کسه: { $party } 👥
    د سفر خبر: { $state } ✉️
officer-notices = د سفر خبرونه: { $count } ✉️
officer-notices-stale =
    باید بیا مهر شي: { $notices } 🔁
    هغه نسخې چې نه خلاصېدې: { $copies } 📱
    خپل مېز وګورئ 💻
    qasid-desk notice list
officer-notice =
    شمېره 🔢
    { $number }
    خبر: { $kind }، نسخه { $version } ✉️
    سفر 🧭
    { $code }
    حالت: { $state } 📌
    د څو لپاره: { $recipients } 👥
    رسېدلی: { $fetched } 📥
    ځواب: هو { $accepted } · نه { $declined } · مرسته { $help } 💬
officer-notice-scheduled =
    شمېره 🔢
    { $number }
    خبر: { $kind }، نسخه { $version } ✉️
    سفر 🧭
    { $code }
    حالت: { $state } 📌
    د څو لپاره: { $recipients } 👥
    وروسته ځي: { $left } ⏳
officer-notice-withheld =
    شمېره 🔢
    { $number }
    خبر: { $kind }، نسخه { $version } ✉️
    سفر 🧭
    { $code }
    حالت: { $state } 📌
    د څو لپاره: { $recipients } 👥
    دلیل: { $why } ⚠️
officer-approve =
    چا تایید کړي، لا نه دي مهر شوي: { $count } 🖋
    په خپل مېز کې یې ولولئ او تایید کړئ 💻
    qasid-desk notice list
    په دې چټ کې هېڅ نه تاییدېږي 🔒
officer-prepared =
    شمېره 🔢
    { $number }
    تایید یې کړی: { $role } 👔
    وروستی تایید، مخکې له: { $age } 🕰
officer-to-sign =
    وړاندیز ثبت شو 📝
    { $proposal }
    په خپل مېز کې یې تایید او بیا لاسلیک کړئ 💻
    qasid-desk confirm
    لا هېڅ شی نه دی بدل شوی 🔒
officer-asks-cancel =
    یو همکار غواړي چې دا لغوه شي ✋
    { $subject }
    وړاندیز د: { $role } 👔
    په خپل مېز کې یې تایید او هماغلته لاسلیک کړئ 💻
    qasid-desk confirm
officer-asks-threat =
    یو همکار غواړي چې دا خبرداری ولېږل شي ⚠️
    { $subject }
    وړاندیز د: { $role } 👔
    په خپل مېز کې یې تایید او هماغلته لاسلیک کړئ 💻
    qasid-desk confirm
officer-asks-review =
    یو خبرداری تللی چې یوازې یوه کارکوونکي لاسلیک کړی ⚠️
    { $number } 🔢
    په خپل مېز کې یې ولولئ او ووایاست چې ورسره موافق یاست که نه 💻
    qasid-desk notice review { $number }
officer-movement-unknown =
    داسې کوډ دلته نشته 🧭
officer-movement-off =
    د دې سفر خاوند دفتر دا لغوه کړ، او تاسو پکې څوکۍ لرئ 🛑
    سفر 🧭
    { $code }
    ستاسو خبرونه چې تللي یا باید ولاړ شي: { $notices } ✉️
    په خپل مېز کې یې لغوه کړئ، چې خلک خبر شي 💻
    qasid-desk notice list
officer-conditions =
    سفر 🧭
    { $code }
    { $go }
    لار: { $route } 🛣
officer-condition =
    شرط: { $condition }، { $state } 📋
    سرچینه: { $grade } 📣 · له { $age } راهیسې 🕰 · اعتبار: { $left } ⏳
officer-condition-lacks =
    شرط: { $condition }، { $state } 📋
    سرچینه: { $grade } 📣 · له { $age } راهیسې 🕰 · اعتبار: { $left } ⏳
    نیمګړتیا: { $lacks } ⚠️
officer-conditions-lack =
    لار چمتو نه ده ⚠️
    { $code }
    { $lacking }
    هېڅ خبر چې خلک هلته لېږي نه ځي 🛑
    خپل مېز وګورئ 💻
    qasid-desk condition list
officer-lacks = شرط { $condition }: { $why } 📋
officer-routes = د لارو حالت 🛣
officer-routes-none = هېچا د هېڅ لارې په اړه څه نه دي ویلي 🛣
officer-status =
    لار 🛣
    { $route }
    حالت: { $status } 📌 · سرچینه: { $grade } 📣
    له { $age } راهیسې 🕰 · اعتبار: { $left } ⏳
    ویونکی: { $own } 👤
officer-integrity =
    د سرور ثبتونه یو له بل سره سمون نه لري: 🛑
    { $what }
    د سرور مسوول ته ووایئ. هلته: 💻
    qasid ledger verify
    qasid audit verify
integrity-ledger = د ځایونو کتاب 🎫
integrity-audit = د پېښو کتاب 📜
officer-withheld =
    د سفر د یوه خبر وخت راورسېد خو ونه لېږل شو ⚠️
    خپل مېز وګورئ 💻
    qasid-desk notice list
officer-household =
    کورنۍ 🏠
    { $alias }
    حالت: { $state } 📌
    لویان: { $adults } 👥
    ماشومان: { $minors } 👶
    اړتیاوې: { $needs } 🤝
    کارکوونکی: { $preferred } 👔
    ژبه: { $language } 🌐
    غوښتنه: { $intent } 🧭
    کتنه: { $verified } 🔎
    مسؤول: { $role } 👔
officer-minor = غړی { $member }: کوچنی، سرپرست { $guardian }، { $assent } 👶
officer-fact =
    حقیقت: { $fact } 📎
    ځواب: { $answer } 💬
    حالت مخکې له: { $age } ⏳
officer-proposed =
    وړاندیز ثبت شو 📝
    { $proposal }
    په خپل مېز کې یې تایید کړئ 💻
    qasid-desk confirm
    لا هېڅ شی نه دی بدل شوی 🔒
officer-audit = د پېښو د کتاب وروستۍ لیکنې 📜
officer-audit-none = داسې لیکنه نشته 📜
officer-entry =
    مخکې له: { $age } 🕰
    څه: { $event } ✏️
    چا: { $role } 👔
    په اړه: { $subject } 📁
officer-staff = د کارکوونکو شمېر: { $count } 👥
officer-officer =
    کارکوونکی 🪪
    { $role }
    دندې: { $duties } 👔
    وسیلې: { $devices } 💻
    د دندې تر پایه: { $left } ⏳
officer-office =
    دا دفتر 🏛
    د کارکوونکو نوملړ: { $version } 📖
    د اعتبار تر پایه: { $left } ⏳
    کارکوونکي: { $officers } 👥
    وسیلې: { $devices } 💻
    دوسیې: { $cases } 📁
officer-codes-only =
    پاک شو. یوازې کوډ، بې متنه 🗑
    داسې یې ولیکئ ⌨️
    { $example }
officer-queued =
    دوسیه 📁
    { $alias }
    په تمه له: { $age } ⏳
    نالوستي: { $unread } 📥
    ځواب ځنډېدلی له: { $overdue } ⏰
    مسؤول: { $role } 👔
officer-duty-on =
    تاسې په دنده یئ: ستاسې زنګ راځي 🔔
    نور په دنده: { $count } 👥
officer-duty-off =
    تاسې په دنده نه یئ 🔕
    له: { $age } ⏳
    نور په دنده: { $count } 👥
    که هېڅوک په دنده نه وي یا یو شی ډېر پاتې شي، ستاسې زنګ راځي ⚠️
officer-help = ستاسې امرونه ⌨️
button-over = دا تڼۍ نور کار نه کوي. امر بیا ولیکئ ⌛
button-next = بل ⏩
button-queue = په تمه 📥
button-departures = سفرونه 🧭
button-conditions = چمتو که نه 📋
button-quota = د هر دفتر څوکۍ 💺
button-board = سپرېدل 🎫
button-standby = په تمه کسان ⏳
button-notices = خبرونه ✉️
button-approve = د تایید لپاره 🖋
button-airport = لارې 🛣
button-duty = دنده 🔔
button-staff = کارکوونکي 👥
button-office = دفتر 🏛
button-audit = د پېښو کتاب 📜
button-whoami = زه څوک یم 🪪
button-confirm = تایید ✅
button-duty-on = په دنده 🔔
button-duty-off = د دندې پای 🔕
officer-report =
    پرانیستې کورنۍ: { $count } 📊
    له 5 لږ او هغه څه چې دا ښکاره کوي نه ښودل کېږي 🔒
report-line =
    حقیقت: { $fact } 📎
    { $answer }
report-cell = ځواب { $answer }: { $count } 💬
report-dated = { $count } (تر ټولو زوړ، مخکې له: { $age })
report-hidden = نه ښودل کېږي
report-intent = تلل غواړي
button-report = 📊 راپور
officer-notreached = ورته نه یو رسېدلي: { $count } 📵
officer-tried =
    دوسیه 📁
    { $alias }
    هڅه له: { $since } ⏳
    وروستۍ هڅه، مخکې له: { $age } 🕰
    د هڅو شمېر: { $count } 🔁
    مسؤول: { $role } 👔
button-notreached = نه رسېدلي 📵
officer-consents =
    بېرته اخیستل شوي، نورو لا نه دي تایید کړي: { $count } ✋
    بېرته اخیستل شوي، موږ یې باید له منځه یوسو: { $ours } 🔥
    تر ټولو زوړ له: { $age } ⏳
officer-laggard =
    دفتر 🏛
    { $office }
    نه تایید شوي: { $count } ✋
    تر ټولو زوړ له: { $age } ⏳
button-consents = بېرته اخیستل شوي ✋

duty-coordinator = همغږی کوونکی
duty-caseworker = د دوسیې مسؤول
duty-liaison = رابط
duty-auditor = پلټونکی
duty-host = د کوربه چلوونکی
duty-confirmer = یوازې تایید کوي
state-invited = لیک لا نه دی کارول شوی
state-pending = باید وکتل شي
state-enrolled = ثبت شوی
state-frozen = تړل شوی: دوې نوم‌لیکنې
state-refused = رد شوی
state-wiped = پاک شوی
movement-planned = پلان شوی
movement-open = پرانیستی
movement-called = رابلل شوی
movement-departed = روان شوی
movement-arrived = رسېدلی
movement-cancelled = لغوه شوی
notice-scheduled = په وار کې
notice-withheld = ساتل شوی
notice-released = لېږل شوی
notice-replaced = نوي خبر یې ځای نیولی
notice-cancelled = لغوه شوی
notice-expired = وخت یې تېر شوی
kind-come = راشئ
kind-change = بدلون
kind-advisory = خبرتیا
kind-threat = خبرداری
why-roster = د کارکوونکو د نوملړ اعتبار تېر شوی
why-approvals = یو تایید نور اعتبار نه لري
why-sender = مهر کوونکی نور کارکوونکی نه دی
why-movement = سفر لغوه شوی یا تللی دی
why-conditions = لار چمتو نه ده
why-warned = له تایید وروسته یې خبرداری راغی
why-restored = له زېرمې راغلی دی
go = چمتو ✅
no-go = مه ځئ 🛑
condition-security = امنیت
condition-airport = هوايي ډګر
condition-crossing = تېرېدنځی
condition-permit = اجازه‌لیک
condition-carrier = ترانسپورت
condition-reception = هرکلی
condition-medical = روغتیا
condition-weather = هوا
condition-route = لار
state-green = شین 🟢
state-doubt = په شک کې 🟡
state-red = سور 🔴
state-unknown = نامعلوم ⚪
grade-official = رسمي
grade-partner = همکار
grade-media = رسنۍ
grade-rumour = اوازه
lacks-unknown = چا څه نه دي ویلي
lacks-red = سور
lacks-expired = وخت یې تېر شوی
lacks-unofficial = رسمي سرچینه نشته
lacks-closed = تړلې
route-passable = تګ ممکن دی
route-unknown = رسمي خبر نشته
route-closed = تړلې
status-discussion = تر خبرو لاندې
status-technical = یوازې تخنیکي
status-limited = محدوده
status-open = پرانیستې
status-closed = تړلې
said-own = زموږ دفتر
said-other = بل دفتر
offer-standby = د څوکۍ په تمه
offer-held = ساتل شوی
offer-accepted = منل شوی
offer-declined = رد شوی
offer-expired = وخت یې تېر شوی
offer-withdrawn = بېرته اخیستل شوی
offer-boarded = سپور شوی
offer-no-show = رانغلی
offer-not-lifted = راغی، ونه وړل شو
household-open = پرانیستې
household-arrived = تړل شوې: ورسېده
household-withdrew = تړل شوې: ونه یې غوښتل
household-erased = تړل شوې: پاکه شوه
assent-agreed = موافق دی
assent-small = موافق دی، د پوښتنې لپاره ډېر کوچنی
assent-declined = موافق نه دی
assent-none = نه دی پوښتل شوی
need-mobility = په تګ کې مرسته
need-medical = روغتیايي مرسته
need-infant = تی رودونکی ماشوم
need-interpreter = ژباړن
need-escort = ملګری
prefer-none = توپیر نه کوي
prefer-female = ښځه
prefer-male = نارینه
intent-wants = غواړي
intent-unsure = ډاډه نه ده
intent-no = نه غواړي
answer-yes = هو
answer-no = نه
answer-yes-estimated = هو، اټکلي
answer-no-estimated = نه، اټکلي
answer-unknown = معلومه نه ده
fact-requested = مرسته یې غوښتې ده
fact-identified = پېژندل شوې ده
fact-ready = چمتو ده
fact-documents = اسناد لري
fact-offered = څوکۍ ورته وړاندې شوې ده
vet-none = هېڅ
vet-claimed = لا هېڅوک
vet-once = یو کارکوونکی
vet-verified = دوه کارکوونکي
vet-refused = رد شوې
vet-revoked = بېرته اخیستل شوې
vet-expired = وخت یې تېر شوی
yes = هو
no = نه
nothing = –
erased = پاک شوی { $mark }
age-minutes = { $minutes } دقیقې
age-hours = { $hours } ساعته او { $minutes } دقیقې
age-days = { $days } ورځې او { $hours } ساعته
event-office-admitted = دفتر ومنل شو
event-office-registered = دفتر ثبت شو
event-roster-followed = د کارکوونکو نوی نوملړ
event-account-bound = د ټلیګرام حساب ونښلول شو
event-invited = لیک جوړ شو
event-invitation-voided = لیک باطل شو
event-invitation-proposed = لیک وړاندیز شو
event-proposal-confirmed = وړاندیز تایید شو
event-proposal-rejected = وړاندیز رد شو
event-enrolment-asked = ټلیفون ثبت غواړي
event-enrolment-frozen = دوه ټلیفونونه، یو لیک
event-new-phone-asked = یو نوی ټلیفون غواړي د یوه پېژندل شوي کس د ټلیفون ځای ونیسي
event-new-phone-vouched = یوه کارکوونکي د یوه پېژندل شوي کس نوی ټلیفون تایید کړ
event-device-asked = د یوه کس ټلیفون دویمه آله غواړي
event-card-change-vouched = یوه کارکوونکي د یوه کس د آلو بدلون تایید کړ
event-card-change-refused = د یوه کس د آلو بدلون رد شو
event-enrolment-refused = ټلیفون رد شو
event-card-taken = ټلیفون تایید شو
event-contact-claimed = یو کارکوونکی دې کس ته رسیږي
event-contact-released = کس د هر بل کارکوونکي لپاره خلاص شو
event-referrals-opened = دفتر د هغو لپاره پرانیستل شو چې لیک نه لري
event-referrals-closed = دفتر د هغو لپاره وتړل شو چې لیک نه لري
event-referrals-listed = د هغو کسانو لېست وکتل شو چې لیک نه لري
event-referral-asked = یو کس پرته له لیکه غوښتنه وکړه
event-referral-vouched = یوه کارکوونکي هغه ټلیفون تایید کړ چې لیک نه لري
event-referral-refused = هغه کس رد شو چې لیک نه لري
event-referral-forgotten = هغه کس هېر شو چې لیک نه لري
event-case-read = دوسیه وکتل شوه
event-consent-given = رضایت ورکړل شو
event-consent-withdrawn = رضایت بېرته واخیستل شو
event-consent-lapsed = رضایت له یوه کال وروسته پای ته ورسېد
event-assent-given = سرپرست او کوچني موافقه وکړه
event-assent-refused = سرپرست یا کوچني موافقه ونه کړه
event-assent-lapsed = د یوه کوچني لپاره موافقه له یوه کال وروسته پای ته ورسېده
event-sponsor-invited = په بهر کې د یوه خپلوان لپاره لینک جوړ شو
event-sponsor-bound = په بهر کې خپلوان لینک پرانیست
event-sponsor-asked = په بهر کې خپلوان ته وویل شول چې وروستی خبر کله راغلی
event-sponsors-ended = په بهر کې د خپلوانو لینکونه پای ته ورسېدل
event-device-wiped = ټلیفون پاک شو
event-duplicates-read = وکتل شول چې څوک یو حساب لري
event-contacts-merged = د یوه کس دوه ثبتونه یو شول
event-contact-erased = یو کس پاک شو
event-movement-planned = سفر پلان شو
event-movement-opened = سفر پرانیستل شو
event-movement-called = خلک راوبلل شول
event-movement-departed = سفر روان شو
event-movement-arrived = سفر ورسېد
event-movement-cancelled = سفر لغوه شو
event-condition-said = شرط ثبت شو
event-composition-said = د مسافرو جوړښت ولیکل شو
event-headcount-made = د مسافرو شمېر ونیول شو
event-manifest-sent = د مسافرو لېست د دوو مامورینو په لاسلیک ولېږل شو
event-manifest-written = د مسافرو لېست په فایل کې ولیکل شو
event-status-said = د لارې حالت اعلان شو
event-standby-promoted = څوکۍ منتظر ته ورکړل شوه
event-silent-read = د بې ځوابه کسانو لېست ولیدل شو
event-hold-expired = ساتل شوې څوکۍ بېرته شوه: ځواب رانغی
event-seats-lent = څوکۍ بل دفتر ته په پور ورکړل شوې
event-lend-withdrawn = د څوکیو پور بېرته واخیستل شو
event-seats-borrowed = په پور څوکۍ ومنل شوې
event-seats-given-back = د پور څوکیو بېرته ورکول وړاندې شول
event-seats-returned = په پور څوکۍ بېرته راغلې
event-outcome-recorded = سپرېدل ثبت شول
event-safety-checks-read = د سلامتۍ د پوښتنو لېست ولیدل شو
event-safety-check-closed = د سلامتۍ پوښتنه وتړل شوه
event-notice-approved = د سفر خبر تایید شو
event-notice-scheduled = د سفر خبر په وار کې شو
event-notice-sealed-anew = د سفر خبر بیا مهر شو
event-notice-released = د سفر خبر ولېږل شو
event-notice-withheld = د سفر خبر وساتل شو
event-notice-cancelled = د سفر خبر لغوه شو
event-partner-accepted = همکار دفتر ومنل شو
event-partner-ended = د دفتر همکاري پای ته ورسېده
event-missive-sent = بل دفتر ته پیغام
event-missive-received = له بل دفتر څخه پیغام
event-missive-passed-on = پیغام ورسول شو
event-missive-held = پیغام وساتل شو
event-missive-returned = پیغام بېرته ولېږل شو
event-disclosed = بل دفتر ته وسپارل شو
event-withdrawal-received = بېرته واخیستل شو: باید له منځه یووړل شي
event-withdrawal-acknowledged = له منځه وړل تایید شول
event-change-proposed = بدلون وړاندیز شو
event-cases-listed = د کورنیو نوملړ وکتل شو
event-case-opened = د کورنۍ دوسیه پرانیستل شوه
event-case-closed = د کورنۍ دوسیه وتړل شوه
event-member-added = غړی زیات شو
event-member-removed = غړی لرې شو
event-needs-set = اړتیاوې ولیکل شوې
event-fact-recorded = یو حقیقت ولیکل شو
event-intent-recorded = د کورنۍ غوښتنه ولیکل شوه
event-case-claimed = کورنۍ باید وکتل شي
event-case-confirmed = یوه کارکوونکي تایید کړه
event-case-verified = دوو کارکوونکو تایید کړه
event-case-refused = کورنۍ رد شوه
event-case-revoked = تایید بېرته واخیستل شو
event-duty-begun = دندې ته راغی
event-duty-ended = له دندې لاړ
event-queue-read = د تمې نوملړ وکتل شو
event-report-made = راپور جوړ شو
event-assigned = مسؤول وټاکل شو
event-unassigned = مسؤولیت پای ته ورسېد
event-offboarding-proposed = د کارکوونکي لرې کول وړاندیز شول
event-attempt-recorded = د اړیکې هڅه ولیکل شوه
event-not-reached-read = د نه رسېدلو نوملړ وکتل شو
event-unrung-read = د هغو کسانو نوملړ وکتل شو چې زنګ ور ونه رسېد
