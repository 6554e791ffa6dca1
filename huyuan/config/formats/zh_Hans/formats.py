"""Days in Chinese, without a nought before the month."""

MONTH_DAY_FORMAT = "n月j日"
