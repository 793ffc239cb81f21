"""The whole main job, told headless: real relay, real desks, real web bundle in Chromium, each in its own process."""
