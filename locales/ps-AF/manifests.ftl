# What the people in a manifest read when it has gone to another office (qasid-desk manifests approve). It tells nobody
# to move. groups are the names below, until is a date.
told =
    د یوه سفر لپاره مو ستاسو دا معلومات { $office } ته وسپارل: { $groups }.
    تاسو اجازه ورکړې وه. زموږ دوو مامورینو ورته لاسلیک کړی.
    دا معلومات هلته او دلته تر { $until } پورې له منځه وړل کېږي.
    هر وخت مو چې وغوښتل، په اپلیکېشن کې، د تنظیماتو په برخه کې، خپله اجازه بېرته اخیستلی شئ. تاسو ته هېڅ زیان نه لري، او سپارل شوي معلومات باید سمدستي له منځه یووړل شي.
group-identity = نوم او اسناد
group-family = د سفر ملګري
group-needs = روغتیا او په لاره کې مرسته
group-papers = ستاسو د سفر سند
