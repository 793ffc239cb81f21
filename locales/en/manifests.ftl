# What the people in a manifest read when it has gone to another office (qasid-desk manifests approve). It tells nobody
# to move. groups are the names below, until is a date.
told =
    For a departure we have passed on to { $office } what you told us of: { $groups }.
    You permitted it. Two of our officers have signed for it.
    There and here it is destroyed by { $until }.
    You can take your permission back at any time, in the app under settings, “Permissions to pass on”. It costs you nothing, and then what was passed on is to be destroyed at once.
group-identity = names and papers
group-family = who travels with you
group-needs = health and help on the way
group-papers = your travel paper
