# Templates of notices (qasid-desk notice draft --template). departs_at, answer_by and expires are the notice's own times,
# written out; the rest is filled in at the desk. The app adds date, hours, place, route and seats.
# One fact on a line. No text asks for a paper from an authority, names one, or promises anything; none is a pass.
# An advisory, and what goes out as one (cancellation, reminder, safety), informs and tells nobody to move.
-choice = The choice is yours. You may say no; it costs you nothing.
-fee = There is no fee, ever. Whoever asks for money does not come from us.
-pass = This notice is no pass. Keep it to yourself.

air-who = You, and those of your household for whom a seat is shown here. A household is not split.
air-bring =
    What each can carry alone: one bag of at most { $luggage } kg.
    Water and food for a day, medicine for a week, the charged telephone.
air-leave = Weapons, knives and scissors, gas and fuel, large bags, animals.
air-documents =
    Whatever papers you have, copies and old ones too.
    Do not go anywhere to fetch a paper. If you have none, write to us.
air-message =
    A departure by air is planned: { $departs_at }.
    It may change, or not take place. Set out only when this page says “Confirmed”.
    Children travel with an adult of their household.
    { -choice }
    { -fee }
    { -pass }

land-who = { air-who }
land-bring = Warm clothes, water and food for { $days } days, medicine for two weeks, the charged telephone.
land-leave = Weapons, gas and fuel, large bags.
land-documents = { air-documents }
land-message =
    A departure by land is planned: { $departs_at }.
    The way takes about { $hours } hours. On it people may be stopped, asked and searched.
    Judge for yourself whether you can go.
    It may change, or not take place. Set out only when this page says “Confirmed”.
    Children travel with an adult of their household.
    { -choice }
    { -fee }
    { -pass }

change-message =
    The departure has changed. It is now planned: { $departs_at }.
    What this page shows holds. What you were told before holds no more.
    Please answer anew. Set out only when this page says “Confirmed”.
    { -choice }
    { -fee }
    { -pass }

cancellation-message =
    The departure that was planned for this time does not take place: { $departs_at }.
    Nobody needs to set out. You stay with your office as before, and need not register again.
    You did nothing wrong.
    { -fee }

advisory-message =
    What is known: { $facts }
    Where it comes from: { $source }
    It is good at most until: { $expires }.
    This informs you. It does not tell you to move or to stay: judge for yourself what is safest.

threat-message =
    Danger: { $danger }
    Do not set out now, whatever another notice says. No call to come holds any more.
    If you are on the way, go where you yourself think it safest.
    We write when it has passed. If you need help, choose “I need help” in the app.

reminder-message =
    A departure is planned: { $departs_at }.
    An answer, yes or no, can be given until: { $answer_by }.
    Everything stands on the departure’s own page. That page alone says when it is confirmed.
    { -choice }
    { -fee }

safety-message =
    Are you all right? One word is enough, or press a sign in the app.
    You need not explain anything. Your case stays open.
    { -fee }
