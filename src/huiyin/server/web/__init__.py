"""The house every screen stands in: base pages, navigation, components, languages, errors. It knows no app."""
