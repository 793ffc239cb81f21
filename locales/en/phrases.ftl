# Common replies of an office (qasid-desk phrase). No phrase asks for a paper from an authority, names one, or tells
# anybody to set out.
phrase-received = We have read your message. An officer is looking into it and will write to you here.
phrase-noted = We have written it down. You need to do nothing more now.
phrase-no-news = There is no news yet. We will write as soon as there is. Silence is not a no.
phrase-stay = Please stay where you are. Set out only for a notice that the app shows as confirmed.
phrase-help = We have seen that you need help. An officer is with your message now. If there is danger, do first what you yourself think safest.
phrase-safe = Are you all right? One word is enough, or press a sign in the app.
phrase-choice = The choice is yours. You may say no, and you may change your mind at any time; it costs you nothing.
phrase-fee = There is no fee, ever. Whoever asks you for money does not come from us. Please tell us, and pay nothing.
phrase-papers = Tell us only which papers you have now. Do not go anywhere to fetch a paper.
phrase-area = If you want to, tell us which province you are in. Do not write an address.
phrase-party = How many of you would travel together, and how many of them are children? Does anybody need help with walking, or medicine?
phrase-unclear = We did not understand this well. Please write it once more in other words; it may be short.
phrase-verify = Whether a message comes from us, the app tells you. What reaches you in another way, even in our name, do not believe until we have written it here.
phrase-compare = An officer will compare a number with you. Open it in the app, and read it out only when you know who is asking.
phrase-phone = If you lost your phone or somebody else had it, tell us by another way. You will get a new letter; the old phone is shut out.
phrase-night = It is night here. Calls for help are read at night too: choose “I need help” in the app.
