# What the people in a manifest read when it has gone to another office (qasid-desk manifests approve). It tells nobody
# to move. groups are the names below, until is a date.
told =
    برای یک سفر، این معلومات شما را به { $office } رساندیم: { $groups }.
    شما اجازه داده بودید. دو مأمور ما برای آن امضا کرده‌اند.
    این معلومات آنجا و اینجا تا { $until } از بین می‌رود.
    هر وقت خواستید، در برنامه، تنظیمات، «اجازهٔ رساندن به دیگران»، اجازهٔ خود را پس بگیرید. برای شما هیچ زیانی ندارد، و آنچه رسانده شده باید فوراً از بین برود.
group-identity = نام و اسناد
group-family = همراهان سفر
group-needs = صحت و کمک در راه
group-papers = سند سفر شما
