# The officers' page in Pashto: a further device of an officer's. It speaks the app's words on the way in too; where both
# have a message, this one is said.

pin-text = د دې پاڼې کیلي ستاسو په ټلیفون کې قلفوي. لږ تر لږه شپږ رقمونه. هېڅ ځای یې مه لیکئ.
pin-forget = هېڅوک یې بېرته نه شي درکولی. که یې هېر کړئ: پاک یې کړئ، او دا ټلیفون دې له سره زیات شي.

# Becoming a device
device-begin-title = د کارکوونکو لپاره
device-begin-text = دا ټلیفون ستاسو یوه بله وسیله کېدای شي چې په چټ کې وړاندیزونه تایید کړي او بل هېڅ نه شي کولی: پیغامونه نه لولي، او لاسلیک یې د هېڅ لیک، کیلي یا د سفر خبر لپاره اعتبار نه لري.
device-begin-safe = د قاصد د دفتر کارکوونکی نه یئ؟ نو دا پاڼه ستاسو لپاره نه ده: ویې تړئ.
device-begin-label = هغه څه چې ‎“qasid-desk device show”‎ یې ستاسو په مېز کې ښيي
device-begin-wrong = د دفتر پېژند (۴۳ توري) یا د کارکوونکي پېژند (۲۲ توري) پکې نشته. ټول هغه څه کاپي کړئ چې ستاسو مېز یې ښيي.
device-join-title = د دې ټلیفون زیاتول
device-request-title = ۱. ستاسو غوښتنه
device-request-text = له هرې لارې یې د دفتر د کیلي خاوند ته ورکړئ. هغه یې په خپل مېز کې داسې چلوي:
device-copy = د غوښتنې کاپي کول
device-copied = کاپي شوه
device-number-text = دا شمېره د کیلي خاوند ته له بلې لارې ولولئ، نه له هغې چې غوښتنه پرې تللې ده. ټلیفون یوازې هغه وخت زیاتوي چې شمېره یې همدا وي.
device-answer-title = ۲. د هغه ځواب
device-answer-label = هغه نسخه او هش چې درته یې وایي
device-join-wrong = دا نسخه له خپل هش سره نه ده، لکه ‎7:hV3…kQ‎. هماغسې یې کاپي کړئ چې «roster add» ښودلې ده.
device-join = نښلول
device-stopped = هغه څه چې سرویس یې ښيي له هغو سره سمون نه لري چې ویل شوي دي. دوام مه ورکوئ. د دفتر د کیلي خاوند ته زنګ ووهئ.
device-not-added = دا ټلیفون د دفتر په نوملړ کې نشته. د کیلي له خاونده وپوښتئ چې زیات شوی که نه، او په کومه نسخه کې.

# Locked
device-locked = تر رمز شا ته: د دې ټلیفون کیلي، ستاسو د وسیلې په توګه. بل هېڅ دلته نه ساتل کېږي.
unlock-wrong = دا رمز سم نه دی. بیا هڅه وکړئ. که مو هېر کړی وي: پاک یې کړئ، او دا ټلیفون دې له سره زیات شي.
unlock-keystore = دلته کیلي نه پرانیستل کېږي. پاک یې کړئ، او دا ټلیفون دې له سره زیات شي.
unlock-broken = دلته کیلي نه پرانیستل کېږي. پاک یې کړئ، او دا ټلیفون دې له سره زیات شي.

# Gone
device-gone-title = نور د دفتر وسیله نه ده
device-gone-text = دفتر دا ټلیفون لرې کړی، وخت یې پوره شوی، یا سرویس یې نه پېژني. هېڅ نه شي تاییدولی.
device-gone-erase = کیلي یې دلته پاکې کړئ: نورې په کار نه راځي.
device-erase = د دې ټلیفون د کیلیو پاکول
device-erase-text = د دې پاڼې کیلي سمدستي له منځه ځي او بېرته نه راځي. ستاسو مېز همداسې پاتې کېږي. د کیلي خاوند ته ووایئ چې دا وسیله لرې کړي.
device-erased = کیلي پاکې شوې
device-erased-text = پاڼه تړلی شئ.

# What waits
wishes-title = د تایید لپاره
wishes-device = دا ټلیفون د { $role } لپاره تاییدوي او بل هېڅ نه کوي.
wishes-none = هېڅ په تمه نه دي.
wishes-again = بیا وګوره
wish-by = د { $role } وړاندیز، { $age } مخکې
wish-minutes = { $count } دقیقې
wish-hours = { $count } ساعته

# One of them
wish-fact = { $subject }: { $fact } – { $answer }
wish-estimated = { $answer }، اټکلي
wish-intent = { $subject }: تګ – { $intent }
wish-vet = { $subject }: د کورنۍ لپاره ګواهي
wish-assign = { $subject }: { $role } یې مسؤول شي
wish-offboard = { $subject } لرې شي
wish-invite = یو نوی لیک
wish-strange = هغه څه چې دا پاڼه یې نه پېژني
wish-fact-effect = د { $subject } په دوسیه کې لیکل کېږي، د وړاندیز په نېټه او ستاسو په کوډ.
wish-intent-effect = د { $subject } په دوسیه کې لیکل کېږي چې کورنۍ څه غواړي، ستاسو په کوډ.
wish-vet-effect = تاسو په خپل کوډ وایئ چې { $subject } هماغه دي چې وایي. دوه بېل کارکوونکي پکار دي.
wish-assign-effect = له دې وروسته هغه کارکوونکی د { $subject } مسؤول دی، د هر مخکیني پر ځای. دوی ته هېڅ نه لېږل کېږي.
wish-offboard-effect = ستاسو په مېز کې: یو نوملړ پرته له هغه، چې د دفتر کیلي یې لاسلیک کوي. دلته نه تاییدېږي.
wish-invite-effect = ستاسو په مېز کې: لیک هلته جوړېږي او راز یې هلته ساتل کېږي. دلته نه تاییدېږي.
wish-strange-effect = ستاسو په مېز کې: ښايي هغه ډېر پوه شي. دلته یوازې رد کېدای شي.
wish-condition = { $subject }: { $condition } – { $state } ({ $grade }){ $holds }
wish-status = { $subject }: { $status } ({ $grade }){ $holds }
wish-holds = ، د { $count } ساعتو لپاره
wish-condition-effect = د { $subject } لپاره ستاسو په کوډ لیکل کېږي، له هغه وخته چې وړاندیز شو. چې ټول شنه شي، هغه څه چې په تمه دي ځي.
wish-status-effect = د دې سرویس هر دفتر یې پر تخته ویني، پرته له دې چې ستاسو نوم یا کوډ پکې وي. خبرونه پرېښودای یا ساتلی شي.
wish-condition-security = امنیت
wish-condition-airport = هوايي ډګر
wish-condition-crossing = تېرېدنځی
wish-condition-permit = اجازه‌لیک
wish-condition-carrier = ترانسپورت
wish-condition-reception = هرکلی
wish-condition-medical = روغتیا
wish-condition-weather = هوا
wish-state-green = شین
wish-state-red = سور
wish-grade-official = رسمي
wish-grade-partner = همکار
wish-grade-media = رسنۍ
wish-grade-rumour = اوازه
wish-status-discussion = تر خبرو لاندې
wish-status-technical = یوازې تخنیکي
wish-status-limited = محدوده
wish-status-open = پرانیستې
wish-status-closed = تړلې
wish-step-open = { $subject }: پرانیستل شي، څوکۍ یې وړاندې شي
wish-step-call = { $subject }: خلک راوبلل شول
wish-step-depart = { $subject }: روان شو
wish-step-arrive = { $subject }: ورسېد
wish-step-effect = د { $subject } لپاره ستاسو په کوډ لیکل کېږي. چې روان شي، هېڅ څوکۍ یې نوره نه وړاندې کېږي او نه منل کېږي.
wish-outcome = { $subject } په { $code } کې: { $outcome }
wish-outcome-boarded = سپور شو
wish-outcome-no-show = رانغی
wish-outcome-not-lifted = راغی، ونه وړل شو
wish-outcome-effect = د { $subject } د ټولو ملګرو لپاره لیکل کېږي او بېرته نه اخیستل کېږي. له هغه چا چې رانغی پوښتنه کېږي؛ هغه چې ونه وړل شو د راتلونکو څوکیو لپاره لومړی دی.
wish-offer = { $subject }: په { $code } کې یوه څوکۍ
wish-offer-effect = ستاسو په مېز کې: { $subject } ته خبر لیکي او مهر کوي یې. دلته نه تاییدېږي.
wish-lend = { $subject }: د { $count } څوکیو په پور ورکول
wish-lend-effect = ستاسو په مېز کې: وایي چې چا ته او تر کله، او لاسلیک کوي یې. دلته نه تاییدېږي.
wish-cancel = { $subject } لغوه شي
wish-cancel-effect = ستاسو په مېز کې: لغوه کول لاسلیک کوي، ترڅو ټلیفونونه یې ومني. دلته نه تاییدېږي.
wish-threat = د { $subject } خبرداری ولېږل شي
wish-threat-effect = ستاسو په مېز کې: چمتو شوی خبرداری مهر کوي. دلته نه تاییدېږي.
wish-reason = په څه باور کوئ؟
wish-reason-papers = هغه اسناد چې لیدلي مې دي
wish-reason-voice = هغه غږ چې پېژنم یې
wish-reason-interview = یوه مرکه
wish-reason-partner = د همکار دفتر خبره
wish-reason-witness = یو شاهد
wish-confirm = تایید
wish-reject = ردول
wish-confirm-sure = هو، زما په نوم تایید شي
wish-reject-sure = هو، رد شي
wish-confirm-done = تایید شو: { $wish }
wish-reject-done = رد شو: { $wish }
wish-fact-requested = مرسته یې غوښتې ده
wish-fact-identified = پېژندل شوې ده
wish-fact-ready = چمتو ده
wish-fact-documents = اسناد لري
wish-fact-offered = څوکۍ ورته وړاندې شوې ده
wish-answer-yes = هو
wish-answer-no = نه
wish-answer-unknown = معلومه نه ده
wish-intent-wants = غواړي
wish-intent-unsure = ډاډه نه ده
wish-intent-no = نه غواړي

# What the relay refuses
refused-over = یوه همکار یې له مخکې پرېکړه کړې یا یې وخت تېر شوی دی. تاسو هېڅ نه دي بدل کړي.
refused-role = ستاسو دنده په دې اړه پرېکړه نه کوي، یا ستاسو هېڅ مېز د دفتر په نوملړ کې نشته. له یوه همغږي کوونکي وپوښتئ.
refused-desk = دا په مېز کې لاسلیک کېږي: هلته پرې پرېکړه وکړئ. هېڅ شی بدل نه شو.
refused-reason = لومړی ووایئ چې په څه باور کوئ.
refused-same-officer = تاسو پخپله د دې کورنۍ لپاره ګواهي ورکړې ده: دویم کارکوونکی باید بل کس وي. له یوه همکاره وغواړئ.
refused-step = د دې کورنۍ کتنه په دې منځ کې مخکې تللې ده: د تایید لپاره هېڅ نشته. رد یې کړئ.
refused-closed = دا دوسیه تړل شوې یا نشته. وړاندیز رد کړئ.
refused-officer = هغه کارکوونکی نور دلته د چا مسؤول کېدای نه شي. وړاندیز رد کړئ.
