# صفحهٔ کارمندان: دستگاه دیگری از یک کارمند. واژه‌های آغاز برنامه را هم دارد؛ اگر پیامی در هر دو باشد، این گفته می‌شود.

pin-text = کلیدهای این صفحه را در تلفون شما قفل می‌کند. کم‌ازکم شش رقم. هیچ‌جا ننویسید.
pin-forget = هیچ‌کس آن را پس داده نمی‌تواند. اگر فراموش کنید: پاک کنید و این تلفون را از نو بیفزایید.

# Becoming a device
device-begin-title = برای کارمندان
device-begin-text = این تلفون می‌تواند دستگاه دیگر شما شود که آنچه را در گفتگو پیشنهاد شده تأیید می‌کند و جز آن هیچ: پیامی را نمی‌خواند، و امضای آن برای هیچ نامه، کلید یا خبر سفر اعتبار ندارد.
device-begin-safe = کارمند یک دفتر قاصد نیستید؟ پس این صفحه برای شما نیست: آن را ببندید.
device-begin-label = آنچه ‎“qasid-desk device show”‎ در میز شما نشان می‌دهد
device-begin-wrong = شناسهٔ دفتر (۴۳ نشانه) یا شناسهٔ کارمند (۲۲ نشانه) نیست. همه آنچه را میز نشان می‌دهد کاپی کنید.
device-join-title = افزودن این تلفون
device-request-title = ۱. درخواست شما
device-request-text = آن را از هر راهی به دارندهٔ کلید دفتر بدهید. او در میز خود این را با آن اجرا می‌کند:
device-copy = کاپی کردن درخواست
device-copied = کاپی شد
device-number-text = این شماره را از راهی جدا از درخواست به دارندهٔ کلید بخوانید. تنها وقتی تلفون را می‌افزاید که شمارهٔ او هم همین باشد.
device-answer-title = ۲. پاسخ او
device-answer-label = نسخه و هشی که به شما می‌گوید
device-join-wrong = این نسخه با هش آن نیست، مانند ‎7:hV3…kQ‎. همان‌گونه کاپی کنید که «roster add» نشان داده است.
device-join = پیوستن
device-stopped = آنچه سرویس نشان می‌دهد با آنچه گفته شده نمی‌خواند. پیش نروید. به دارندهٔ کلید دفتر زنگ بزنید.
device-not-added = این تلفون در فهرست دفتر نیست. از دارندهٔ کلید بپرسید که آیا افزوده شده و در کدام نسخه.

# Locked
device-locked = پشت رمز: کلیدهای این تلفون به نام دستگاه شما. هیچ چیز دیگر اینجا نگه‌داری نمی‌شود.
unlock-wrong = این رمز درست نیست. دوباره کوشش کنید. اگر فراموش کرده‌اید: پاک کنید و این تلفون را از نو بیفزایید.
unlock-keystore = کلیدهای اینجا باز نمی‌شوند. پاک کنید و این تلفون را از نو بیفزایید.
unlock-broken = کلیدهای اینجا باز نمی‌شوند. پاک کنید و این تلفون را از نو بیفزایید.

# Gone
device-gone-title = دیگر دستگاه دفتر نیست
device-gone-text = دفتر این تلفون را برداشته، وقت آن به سر رسیده، یا سرویس آن را نمی‌شناسد. هیچ چیز را تأیید کرده نمی‌تواند.
device-gone-erase = کلیدهای آن را اینجا پاک کنید: دیگر به کاری نمی‌آیند.
device-erase = پاک کردن کلیدهای این تلفون
device-erase-text = کلیدهای این صفحه فوراً می‌روند و پس آورده نمی‌شوند. میز شما همان‌گونه می‌ماند. به دارندهٔ کلید بگویید تا این دستگاه را بردارد.
device-erased = کلیدها پاک شدند
device-erased-text = می‌توانید صفحه را ببندید.

# What waits
wishes-title = برای تأیید
wishes-device = این تلفون برای { $role } تأیید می‌کند و کار دیگری نمی‌کند.
wishes-none = هیچ چیزی منتظر نیست.
wishes-again = دوباره دیدن
wish-by = پیشنهاد { $role }، { $age } پیش
wish-minutes = { $count } دقیقه
wish-hours = { $count } ساعت

# One of them
wish-fact = { $subject }: { $fact } – { $answer }
wish-estimated = { $answer }، تخمینی
wish-intent = { $subject }: رفتن – { $intent }
wish-vet = { $subject }: گواهی برای خانوار
wish-assign = { $subject }: { $role } از ایشان مواظبت کند
wish-offboard = { $subject } برکنار شود
wish-invite = یک نامهٔ نو
wish-strange = چیزی که این صفحه نمی‌شناسد
wish-fact-effect = در پروندهٔ { $subject } نوشته می‌شود، به تاریخ پیشنهاد و زیر کد شما.
wish-intent-effect = در پروندهٔ { $subject } نوشته می‌شود که خانوار چه می‌خواهد، زیر کد شما.
wish-vet-effect = شما زیر کد خود می‌گویید که { $subject } همان‌ها اند که می‌گویند. دو کارمند جداگانه لازم است.
wish-assign-effect = از حالا آن کارمند به‌جای هر کس پیش از او از { $subject } مواظبت می‌کند. به ایشان چیزی فرستاده نمی‌شود.
wish-offboard-effect = در میز شما: فهرستی بدون او که کلید دفتر امضا می‌کند. اینجا تأیید نمی‌شود.
wish-invite-effect = در میز شما: همان‌جا نامه ساخته و راز آن نگه‌داری می‌شود. اینجا تأیید نمی‌شود.
wish-strange-effect = در میز شما: شاید بیشتر بداند. اینجا تنها رد می‌شود.
wish-condition = { $subject }: { $condition } – { $state } ({ $grade }){ $holds }
wish-status = { $subject }: { $status } ({ $grade }){ $holds }
wish-holds = ، برای { $count } ساعت
wish-condition-effect = برای { $subject } با کُد شما ثبت می‌شود، از وقتی که پیشنهاد شد. وقتی همه سبز شد، آنچه در انتظار است می‌رود.
wish-status-effect = هر دفتر این قاصد آن را روی تخته می‌بیند، بدون نام یا کُد شما. می‌تواند خبرها را رها کند یا نگه دارد.
wish-condition-security = امنیت
wish-condition-airport = میدان هوایی
wish-condition-crossing = گذرگاه
wish-condition-permit = اجازه‌نامه
wish-condition-carrier = ترانسپورت
wish-condition-reception = پذیرش
wish-condition-medical = صحی
wish-condition-weather = هوا
wish-state-green = سبز
wish-state-red = سرخ
wish-grade-official = رسمی
wish-grade-partner = همکار
wish-grade-media = رسانه
wish-grade-rumour = آوازه
wish-status-discussion = زیر گفتگو
wish-status-technical = تنها کار فنی
wish-status-limited = محدود
wish-status-open = باز
wish-status-closed = بسته
wish-step-open = { $subject }: باز شود، چوکی‌های آن پیشنهاد شود
wish-step-call = { $subject }: مردم فراخوانده شدند
wish-step-depart = { $subject }: حرکت کرد
wish-step-arrive = { $subject }: رسید
wish-step-effect = برای { $subject } با کُد شما ثبت می‌شود. پس از حرکت، هیچ چوکی آن پیشنهاد یا پذیرفته نمی‌شود.
wish-outcome = { $subject } در { $code }: { $outcome }
wish-outcome-boarded = سوار شد
wish-outcome-no-show = نیامد
wish-outcome-not-lifted = آمد، برده نشد
wish-outcome-effect = برای همهٔ همراهان { $subject } ثبت می‌شود و پس گرفته نمی‌شود. از کسی که نیامد خبر گرفته می‌شود؛ کسی که برده نشد برای چوکی‌های بعدی اول است.
wish-offer = { $subject }: یک چوکی در { $code }
wish-offer-effect = در میز شما: خبر را برای { $subject } می‌نویسد و مُهر می‌کند. اینجا تأیید نمی‌شود.
wish-lend = { $subject }: قرض دادن { $count } چوکی
wish-lend-effect = در میز شما: می‌گوید به که و تا چه وقت، و امضا می‌کند. اینجا تأیید نمی‌شود.
wish-cancel = { $subject } لغو شود
wish-cancel-effect = در میز شما: لغو را امضا می‌کند تا تلفون‌ها باور کنند. اینجا تأیید نمی‌شود.
wish-threat = هشدار { $subject } فرستاده شود
wish-threat-effect = در میز شما: هشدار آماده را مُهر می‌کند. اینجا تأیید نمی‌شود.
wish-reason = بر چه تکیه می‌کنید؟
wish-reason-papers = سندهایی که دیده‌ام
wish-reason-voice = صدایی که می‌شناسم
wish-reason-interview = یک مصاحبه
wish-reason-partner = سخن یک همکار بیرونی
wish-reason-witness = یک شاهد
wish-confirm = تأیید
wish-reject = رد کردن
wish-confirm-sure = بلی، به نام من تأیید شود
wish-reject-sure = بلی، رد شود
wish-confirm-done = تأیید شد: { $wish }
wish-reject-done = رد شد: { $wish }
wish-fact-requested = کمک خواسته است
wish-fact-identified = شناسایی شده است
wish-fact-ready = آماده است
wish-fact-documents = سند دارد
wish-fact-offered = چوکی پیشنهاد شده است
wish-answer-yes = بلی
wish-answer-no = نی
wish-answer-unknown = معلوم نیست
wish-intent-wants = می‌خواهد
wish-intent-unsure = نامطمئن
wish-intent-no = نمی‌خواهد

# What the relay refuses
refused-over = همکاری پیشتر درباره‌اش تصمیم گرفته یا وقتش گذشته است. شما چیزی را تغییر ندادید.
refused-role = وظیفهٔ شما درباره این تصمیم نمی‌گیرد، یا هیچ میز شما در فهرست دفتر نیست. از یک هماهنگ‌کننده بپرسید.
refused-desk = این در میز امضا می‌شود: همان‌جا دربارهٔ آن تصمیم بگیرید. چیزی تغییر نکرد.
refused-reason = نخست بگویید بر چه تکیه می‌کنید.
refused-same-officer = شما خود برای این خانوار گواهی داده‌اید: کارمند دوم باید کس دیگر باشد. از یک همکار بخواهید.
refused-step = بررسی این خانوار در این میان پیش رفته است: چیزی برای تأیید نیست. آن را رد کنید.
refused-closed = این پرونده بسته شده یا نیست. پیشنهاد را رد کنید.
refused-officer = آن کارمند دیگر اینجا از کسی مواظبت کرده نمی‌تواند. پیشنهاد را رد کنید.
