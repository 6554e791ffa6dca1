"""Languages that do not depend on the reader."""

# What is written once for everybody (records, search entries, messages to a group) is written in the county's language.
RECORD_LANGUAGE = "zh-hans"
