"""Every screen of the app, in every language, light and dark: checked, and photographed by `make screens`."""
